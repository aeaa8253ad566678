"""The ARM API in our words: what adapters, the server and the readers of recordings share."""
