//! The forecasts that are compared: the simulated chance, baselines, and both together. Everything that is fitted is fitted on other years.

use spiral_kernel::maths::ln;

use super::logit::{Rows, Slope, chance, fit, resampled, slopes};
use super::years;
use super::{DyadRow, Forecast, Input};
use crate::table::Estimate;

/// What a forecast rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Variables {
    /// How many of the groups of variables of [`baseline`] it has: 0 none, 1 contiguity and great powers, 2 also capability ratio, 3 also
    /// alliance, distance and past disputes.
    groups: usize,
    /// Whether it has the log-odds of the simulated chance.
    simulated: bool,
}

impl Variables {
    /// The forecasts in the order of the tables, with their names and what was fitted.
    pub(crate) const ALL: [(Self, &'static str); 8] = [
        (Self { groups: 0, simulated: true }, "simulation, recalibrated"),
        (Self { groups: 0, simulated: false }, "the share of dyads alone"),
        (Self { groups: 1, simulated: false }, "contiguity and great powers"),
        (Self { groups: 2, simulated: false }, "and capability ratio"),
        (Self { groups: 3, simulated: false }, "and alliance, distance, past disputes"),
        (Self { groups: 1, simulated: true }, "contiguity and great powers, with the simulation"),
        (Self { groups: 2, simulated: true }, "and capability ratio, with the simulation"),
        (Self { groups: 3, simulated: true }, "and alliance, distance, past disputes, with the simulation"),
    ];

    /// The baselines to which the simulation may add, each with the position of itself and of itself with the simulation.
    pub(crate) const BASELINES: [(usize, usize); 3] = [(2, 5), (3, 6), (4, 7)];

    /// What is fitted.
    pub(crate) fn fitted(self) -> String {
        let mut fitted = vec!["a constant"];
        if self.groups >= 1 {
            fitted.push("land border, sea border, one great power, two great powers");
        }
        if self.groups >= 2 {
            fitted.push("logarithm of the capability ratio");
        }
        if self.groups >= 3 {
            fitted.push("defence pact, logarithm of the distance, disputes in the five years before (up to 4)");
        }
        if self.simulated {
            fitted.push("log-odds of the simulated chance");
        }
        format!("logit, fitted on other start years: {}", fitted.join("; "))
    }

    /// The row of a dyad.
    fn row(self, dyad: &DyadRow, forecast: Forecast, row: &mut Vec<f64>) {
        let known = &dyad.known;
        let flag = |is: bool| f64::from(u8::from(is));
        row.push(1.0);
        if self.groups >= 1 {
            row.extend([
                flag(known.contiguity == 1),
                flag(known.contiguity > 1),
                flag(known.great_powers == 1),
                flag(known.great_powers == 2),
            ]);
        }
        if self.groups >= 2 {
            row.push(ln(known.capability_ratio.max(1e-4)));
        }
        if self.groups >= 3 {
            row.extend([
                flag(known.allied),
                // From the middle of the range, so that constant and slope are fitted apart.
                ln(known.distance_km.max(50.0) / 3000.0),
                f64::from(known.disputes.min(4)),
            ]);
        }
        if self.simulated {
            let p = dyad.chance(forecast);
            row.push(ln(p / (1.0 - p)));
        }
    }
}

/// The dyads of which the files say whether an event came, in groups by start year.
pub(crate) struct Scored<'a> {
    pub(crate) dyads: Vec<&'a DyadRow>,
    pub(crate) came: Vec<bool>,
    /// Position in `years` of each.
    pub(crate) group: Vec<usize>,
    pub(crate) years: Vec<i32>,
    forecast: Forecast,
    horizon: i32,
}

impl<'a> Scored<'a> {
    pub(crate) fn new(input: &'a Input, forecast: Forecast) -> Self {
        let known = input.dyads.iter().filter_map(|dyad| Some((dyad, dyad.came[forecast as usize]?)));
        let (dyads, came): (Vec<&DyadRow>, Vec<bool>) = known.unzip();
        let mut years: Vec<i32> = dyads.iter().map(|dyad| dyad.year).collect();
        years.sort_unstable();
        years.dedup();
        let group = dyads.iter().map(|dyad| years.partition_point(|year| *year < dyad.year)).collect();
        Self { dyads, came, group, years, forecast, horizon: input.horizon.cast_signed() }
    }

    /// The chances that were simulated.
    pub(crate) fn simulated(&self) -> Vec<Option<f64>> {
        self.dyads.iter().map(|dyad| Some(dyad.chance(self.forecast))).collect()
    }

    fn rows(&self, variables: Variables) -> Rows {
        let mut values = Vec::new();
        for dyad in &self.dyads {
            variables.row(dyad, self.forecast, &mut values);
        }
        let columns = values.len().checked_div(self.dyads.len()).unwrap_or(0);
        Rows { columns, values, came: self.came.clone(), group: self.group.clone() }
    }

    /// Whether the years that are forecast from two start years have a year in common.
    fn overlap(&self, one: usize, other: usize) -> bool {
        (self.years[one] - self.years[other]).abs() < self.horizon
    }

    /// Chances of a logit that is fitted, for each year, to all years that have no year of forecast in common with it; `None` where no such
    /// fit exists.
    pub(crate) fn fitted_elsewhere(&self, variables: Variables) -> Vec<Option<f64>> {
        let rows = self.rows(variables);
        let groups = self.years.len();
        let whole = fit(&rows, None, groups, &|_| false);
        let of_years: Vec<Option<Vec<f64>>> =
            (0..groups).map(|year| fit(&rows, whole.as_deref(), groups, &|other| self.overlap(year, other))).collect();
        let each = rows.values.chunks_exact(rows.columns.max(1)).zip(&self.group);
        each.map(|(row, group)| of_years[*group].as_ref().map(|coefficients| chance(coefficients, row))).collect()
    }

    /// Coefficient of the log-odds of the simulated chance beside other variables, over some of the years, with its interval.
    pub(crate) fn coefficient(&self, variables: Variables, inside: &[usize], seed: u64, name: &str) -> Estimate {
        let rows = self.rows(variables);
        let outside = |group: usize| !inside.contains(&group);
        let Some(found) = fit(&rows, None, self.years.len(), &outside) else {
            return Estimate::none(inside.len() as u64, years::METHOD);
        };
        let all = slopes(&rows, &found, self.years.len(), &outside);
        let own: Vec<Slope> = inside.iter().map(|group| all[*group].clone()).collect();
        let last = found.len() - 1;
        years::resampled(found[last], own.len(), seed, name, |times| resampled(&own, &found, times).map(|moved| moved[last]))
    }
}
