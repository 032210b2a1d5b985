-- What speaks for a machine having sent a contribution, until the team has looked at it.
create table sign (
    review uuid not null,
    contribution uuid not null,
    sign text not null,
    primary key (review, contribution, sign)
);
