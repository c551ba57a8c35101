"""From values of the services to what a person reads: words, moments, sentences."""
