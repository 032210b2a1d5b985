-- Offers of help. Nobody but the team reads them before it has let them through; `contact` is there only if it may be shown.
create table help_offer (
    review uuid not null,
    id uuid not null,
    reference text not null,
    code bytea not null,
    name text not null,
    place text,
    help text not null,
    spoken text,
    sentence text,
    language text not null,
    contact text,
    offered_at bigint not null,
    shown_at bigint,
    primary key (review, id),
    constraint help_offer_reference unique (review, reference)
);
create unique index help_offer_code on help_offer (review, code);

-- How the team can reach whoever made an offer: apart, so that nothing that is shown is read from here.
create table help_offer_contact (
    review uuid not null,
    id uuid not null,
    contact text not null,
    primary key (review, id)
);
