-- What bodies say of a model: that they will take it up. Nobody reads it before the team has let it through.
create table take_up (
    review uuid not null,
    id uuid not null,
    contribution uuid not null,
    question text not null,
    body text not null,
    sentence text,
    language text not null,
    said_at bigint not null,
    shown_at bigint,
    primary key (review, id)
);
create index take_up_model on take_up (review, contribution, question);

-- How the team can reach whoever said so: apart, so that nothing that is shown is read from here.
create table take_up_contact (
    review uuid not null,
    id uuid not null,
    contact text not null,
    primary key (review, id)
);

-- What was counted of everything received, as one document; made anew from time to time.
create table figures (
    review uuid not null primary key,
    changes bigint not null,
    counted_at bigint not null,
    took bigint not null,
    body text not null
);
