//! Scenario files: RON text to a valid [`Setup`](spiral_model::Setup), with errors that teach; the built-in catalogue.
//!
//! A file is one group of keys, `( … )`; `configs/scenarios/two-states.ron` is the shortest.
//!
//! | key | holds |
//! |---|---|
//! | `question`, `look_at` | what the scenario asks, and where in its results the answer stands |
//! | `money` | the unit of output and arms, where it is not thousand million int$ |
//! | `calendar` | `start`, `end` (dates), `ticks_per_year` (4) |
//! | `ending`, `arming_rule`, `without` | names: [`Ending`](spiral_model::setup::Ending), [`ArmingRule`](spiral_model::setup::ArmingRule), a list of [`mechanism_names`] |
//! | a group of parameters, such as `technology` | its numbers by name |
//! | `defaults` | `state` and `pair`: numbers for all of them |
//! | `states` | by code: `name`, `great_power` (true), `capital` (latitude, longitude), and numbers |
//! | `generate` | in place of `states`, a made world: `kind` (`grid`, `geometric`, `scale-free`), `states` (up to 100,000), `mean_degree`, `seed`, `spacing` (km), `great_powers` (share), `draws` (numbers of states by distribution); only neighbours are dyads |
//! | `pairs`, `dyads` | by `"A-B"`: numbers for both directions, or for one; a dyad wins over its pair |
//! | `weapons` | by state: shares of arms spending by [weapon](spiral_model::weapons), `{ "icbm": 0.6, "slbm": 0.4 }`, or a list `[(date: …, shares: {…}), …]`; what follows from them stands wherever the file says nothing else |
//! | `menu` | by name: numbers laid over those of a weapon of the program, or a weapon of its own |
//! | `timeline` | dated entries, in order: `date`, `what`, and if wanted `set` (path to value), `crisis` (challenger, defender), `source` |
//! | `observed` | what history did, by state and [metric](spiral_model::outcome::STATE_METRICS): `(points: [(date, value), …], source: "…")`; drawn beside the curves, changes nothing in the simulation |
//! | `history` | what else history did, for `spiral validate`: the name of a record of the program, such as `"pre-wwi"`, or a record of its own; see [`parse_history`] |
//! | `members` | by name: a group that lies over the file. Numbers are laid over one by one, lists as a whole |
//!
//! A number is bare; or `( value: …, source: "…" )`; or `( value: …, judgement: (low, high), why: "…" )`; or a series
//! `( points: [(date, value), …] )` with a `source`, or with `factor: (low, high)` on the whole of it. `unit` may be added and must
//! then be right. A date is a decimal year or a text such as `"1914-06-28"`. Output grows geometrically between the points of a
//! series and past its last; other series are straight lines and hold their last value; a timeline sets steps. Distances come
//! from capitals where none is given.
//!
//! A file is read in three steps: text to a tree that knows where everything stands (`text`), tree to layers of known names and
//! numbers in range (`layer`, `given`), layers to a setup (`build`). Every step notes what it finds wrong and goes on, so that a
//! user sees all of it at once; only text that is no RON at all stops at the first place.
//!
//! [`import`] writes such a file from a user's own Correlates of War files.
//!
//! Invariant: whatever the bytes, no panic; a scenario that loads is a setup that the model accepts.

mod arsenals;
mod build;
mod burdens;
mod calibration_file;
mod calibration_targets;
mod catalogue;
mod copy;
mod date;
mod distance;
mod factor;
mod generate;
mod given;
mod history;
mod hybrid;
pub mod import;
mod intervention;
mod layer;
mod load;
mod network;
mod observed;
mod overrides;
mod problem;
mod reader;
mod resolved;
mod scenario;
mod series;
mod slots;
mod study_factors;
mod study_file;
mod study_marks;
mod study_source;
mod text;
mod weapons;

pub use burdens::check_burdens;
pub use calibration_file::{CalibrationFile, CalibrationMethod};
pub use calibration_targets::{CalibrationAim, CalibrationTarget, KnownMeasure};
pub use catalogue::{CatalogueEntry, StudyEntry, catalogue, study_catalogue};
pub use copy::commented_copy;
pub use date::decimal_year;
pub use factor::{Factor, FactorValues};
pub use given::Basis;
pub use history::{history_names, history_record, parse_history};
pub use hybrid::{Counterparts, Group, Hybrids, Role};
pub use intervention::Intervention;
pub use load::{load, parse, parse_bytes, parse_named};
pub use observed::Observed;
pub use overrides::{Overrides, mechanism_names};
pub use problem::{Error, Problem, nearest, wrapped};
pub use reader::FileKind;
pub use resolved::{Origin, ResolvedRow, resolved};
pub use scenario::{Judgement, MONEY, Scenario, Sourced, Varies};
pub use study_file::{Design, Histories, MOST_POINTS, StudyFile};
pub use study_marks::{Mark, Place};
pub use study_source::StudySource;
pub use weapons::{WeaponCard, parse_weapon, weapons};
