-- How often a draft or contribution has been the reason for mail to whoever holds it, by day. No address stands here.
create table own_mail (
    review uuid not null,
    evidence uuid not null,
    day bigint not null,
    times bigint not null,
    primary key (review, evidence)
);
