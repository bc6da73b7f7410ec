"""What comes in: feeds, pages, series. The only sockets to publishers."""
