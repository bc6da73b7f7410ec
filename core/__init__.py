"""The ground: the vocabulary every room shares. It imports nothing of ours."""
