"""The privacy policy: its texts and versions, and who was shown which."""
