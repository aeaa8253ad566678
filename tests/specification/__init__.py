"""The requirements, one test each, to be read beside the article: a walk that passes, and who fails on it."""
