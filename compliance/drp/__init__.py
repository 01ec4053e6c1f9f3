"""The Data Rights Protocol 1.0: what an authorised agent's system says to us, and what we say back.

Only the messages: no web, no database. `message` opens what came in, `claims` decides whether it is meant for us and
what it asks, `status` says where a request is. Sections are those of the protocol's own document (1.0 changed nothing
since 0.9.4): github.com/datarightsprotocol/data-rights-protocol.
"""
