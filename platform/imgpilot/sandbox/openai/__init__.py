"""The image provider: the part of OpenAI's image API that the product uses, answered by the painter."""
