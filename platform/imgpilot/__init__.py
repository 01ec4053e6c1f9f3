"""The generation site: accounts, pictures, and everything that leaves the house."""
