"""Answers for the data that people leave behind: requests, erasure, export, audit."""
