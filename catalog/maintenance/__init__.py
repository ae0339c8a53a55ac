"""Operations on a whole catalog: back it up, check it, make a copy equal to it."""
