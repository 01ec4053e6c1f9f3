"""The scenes the painter knows; each module paints one kind."""
