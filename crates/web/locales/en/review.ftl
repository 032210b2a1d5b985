x-review = x
