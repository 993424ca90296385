"""Vietnamese text craft: cleaning, spelling, folding, words, personal data, places, likeness."""
