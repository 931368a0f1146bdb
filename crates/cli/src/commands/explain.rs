//! `spiral explain`.

use clap::Args;
use clap::builder::PossibleValuesParser;
use spiral_results::{EXPLAIN_HISTORIES, Options, Question, outcome_names};

use crate::arguments::{Changes, Histories, Keeping, Seed, Uncertain};
use crate::call::Call;
use crate::directory;
use crate::failure::Failure;
use crate::terminal::explanation;
use crate::terminal::progress::Bar;

/// Find which differences between two scenarios explain the difference of their outcomes
#[derive(Debug, Args)]
#[command(mut_arg("histories", |histories| histories.default_value("250").help("Number of histories of each world; there are up to 512 worlds")))]
pub(crate) struct Explain {
    /// Built-in name or path of the baseline scenario
    #[arg(value_name = "A")]
    pub(crate) a: String,
    /// Built-in name or path of the scenario that is compared with it
    #[arg(value_name = "B")]
    pub(crate) b: String,
    /// Outcome whose difference is explained; may be repeated [default: general_war, preemption, peak_burden, days_crisis_to_general_war]
    #[arg(long = "outcome", value_name = "MEASURE", hide_possible_values = true,
        value_parser = PossibleValuesParser::new(outcome_names()))]
    pub(crate) outcomes: Vec<String>,
    /// State of A and the state of B in the same role, as in SRB=CZE; may be repeated [default: same code, or rank of output]
    #[arg(long = "counterpart", value_name = "A=B", value_parser = pair)]
    pub(crate) counterparts: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) histories: Histories,
    #[command(flatten)]
    pub(crate) seed: Seed,
    #[command(flatten)]
    pub(crate) uncertain: Uncertain,
    #[command(flatten)]
    pub(crate) keeping: Keeping,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

impl Explain {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let (names, histories) = ([self.a.as_str(), self.b.as_str()], self.histories.number);
        let mut more = self.outcomes.clone();
        more.extend(directory::uncertain(&self.uncertain));
        more.extend(self.counterparts.iter().map(|(a, b)| format!("{a}={b}")));
        let unusual = (histories != EXPLAIN_HISTORIES).then_some(histories);
        let directory = directory::named("explain", &names, unusual, self.seed.number, &self.keeping, &self.changes, more)?;
        let question = Question { outcomes: self.outcomes.clone(), counterparts: self.counterparts.clone() };
        let results = Bar::during(call.console, |bar| {
            let options = Options {
                histories: Some(histories),
                seed: Some(self.seed.number),
                changes: self.changes.overrides(),
                uncertain: self.uncertain.asked,
                ..self.keeping.options(directory.clone(), bar)
            };
            spiral_results::explain(&self.a, &self.b, &question, &options)
        })?;
        explanation::print(&results, &directory, self.keeping.json.asked, call.console)
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(a, b)| !a.is_empty() && !b.is_empty());
    pair.map(|(a, b)| (a.to_string(), b.to_string())).ok_or_else(|| "write a state of each scenario, such as SRB=CZE".to_string())
}
