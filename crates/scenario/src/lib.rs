//! Scenario files: RON text to a valid [`Setup`](spiral_model::Setup), with errors that explain what is allowed; the built-in catalogue.
//!
//! A file is one group of keys, `( … )`; `configs/scenarios/two-states.ron` is the shortest.
//!
//! | key | holds |
//! |---|---|
//! | `question`, `look_at` | what the scenario asks, and where in its results the answer is |
//! | `money` | the unit of output and arms, where it is not billion int$ |
//! | `calendar` | `start`, `end` (dates), `ticks_per_year` (4) |
//! | `ending`, `arming_rule`, `without` | names: [`Ending`](spiral_model::setup::Ending), [`ArmingRule`](spiral_model::setup::ArmingRule), a list of [`mechanism_names`] |
//! | a group of parameters, such as `technology` | its numbers by name |
//! | `defaults` | `state` and `pair`: numbers for all of them |
//! | `states` | by code: `name`, `great_power` (true), `capital` (latitude, longitude), and numbers |
//! | `generate` | in place of `states`, a made world: `kind` (`grid`, `geometric`, `scale-free`), `states` (up to 100,000), `mean_degree`, `seed`, `spacing` (km), `great_powers` (share), `draws` (numbers of states by distribution); only neighbours are dyads |
//! | `pairs`, `dyads` | by `"A-B"`: numbers for both directions, or for one; a dyad wins over its pair |
//! | `weapons` | by state: shares of arms spending by [weapon](spiral_model::weapons), `{ "icbm": 0.6, "slbm": 0.4 }`, or a list `[(date: …, shares: {…}), …]`; the numbers that follow from them are used unless the file gives others |
//! | `menu` | by name: numbers that replace those of a weapon of the program, or a new weapon |
//! | `timeline` | dated entries, in order: `date`, `what`, and if wanted `set` (path to value), `crisis` (challenger, defender), `source` |
//! | `observed` | observed values of history, by state and [metric](spiral_model::outcome::STATE_METRICS): `(points: [(date, value), …], source: "…")`; drawn with the curves, not used by the simulation |
//! | `history` | other facts of history, for `spiral validate`: the name of a record of the program, such as `"pre-wwi"`, or a new record; see [`parse_history`] |
//! | `members` | by name: a group that changes the file. A number replaces one number of the file, a list replaces the whole list |
//!
//! A number is bare; or `( value: …, source: "…" )`; or `( value: …, judgement: (low, high), why: "…" )`; or a series
//! `( points: [(date, value), …] )` with a `source`, or with `factor: (low, high)` on the whole of it. `unit` may be added and must
//! then be right. A date is a decimal year or a text such as `"1914-06-28"`. Output grows geometrically between the points of a
//! series and past its last; other series are straight lines and hold their last value; a timeline sets steps. Distances come
//! from capitals where none is given.
//!
//! A file is read in three steps: text to a tree with the place of every value (`syntax/text`), tree to layers of known names and
//! numbers in range (`world/layer`, `world/given`), layers to a setup (`world/build`). Every step records the errors that it
//! finds and continues, so that a
//! user sees all of it at once; only text that is not RON stops at the first error.
//!
//! [`import`] writes such a file from a user's own Correlates of War files.
//!
//! Invariant: whatever the bytes, no panic; a scenario that loads is a setup that the model accepts.

mod copy;
pub mod import;
mod study;
mod syntax;
mod world;

pub use copy::commented_copy;
pub use study::calibration_file::{CalibrationFile, CalibrationMethod};
pub use study::catalogue::{StudyEntry, study_catalogue};
pub use study::design::{Design, MOST_POINTS};
pub use study::factor::{Factor, FactorValues, groups};
pub use study::intervention::Intervention;
pub use study::marks::{Mark, Place};
pub use study::source::StudySource;
pub use study::study_file::{Histories, StudyFile};
pub use study::targets::{CalibrationAim, CalibrationTarget, KnownMeasure};
pub use study::worlds::CalibrationWorld;
pub use syntax::date::decimal_year;
pub use syntax::problem::{Error, Problem, wrapped};
pub use syntax::reader::FileKind;
pub use syntax::words::nearest;
pub use world::catalogue::{CatalogueEntry, catalogue};
pub use world::given::Basis;
pub use world::history::{history_names, history_record, parse_history};
pub use world::hybrid::{Counterparts, Group, Hybrids, Role};
pub use world::load::{load, parse, parse_bytes, parse_named};
pub use world::observed::Observed;
pub use world::overrides::{Overrides, own_changes};
pub use world::paths::mechanism_names;
pub use world::resolved::{Origin, ResolvedRow, resolved};
pub use world::scenario::{Judgement, MONEY, Scenario, Sourced, Varies};
pub use world::weapons::{WeaponCard, parse_weapon, weapons};
