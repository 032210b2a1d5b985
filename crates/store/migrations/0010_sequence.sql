-- Contributions get their places before anything that refers to them, whatever the clocks said when each was written.
drop index event_unplaced;
create index event_unplaced on event ((kind <> 'received'), at, id) where entry is not null and place is null;
