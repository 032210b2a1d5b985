x-answer = x
