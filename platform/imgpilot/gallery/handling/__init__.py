"""What a person does with their pictures: mark, collect, take away, remove."""
