"""What anybody sees of sharing: public pages, their pictures, oEmbed, the report form."""
