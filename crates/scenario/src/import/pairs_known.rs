//! What the files say of a pair of states at a date, as studies of conflict use it.

use super::alliances::Pledge;
use super::members::Member;
use super::write::World;

use crate::world::distance::great_circle_km;

/// What is known of a pair of states when a scenario begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairKnown {
    /// Numbers in the Correlates of War list, the lower one first.
    pub states: (u16, u16),
    /// Type of contiguity, 1 (land) to 5 (a sea of at most 400 miles); `None` without any.
    pub contiguity: Option<u8>,
    /// How many of the two are great powers: 0, 1 or 2.
    pub great_powers: u8,
    /// Capability of the weaker divided by that of the stronger, 0 to 1: by the composite index (CINC) where the file has it of both, else
    /// by the mean of their shares in military expenditure, energy and population.
    pub capability_ratio: f64,
    /// Whether either has promised to defend the other.
    pub allied: bool,
    /// Kilometres between the capitals.
    pub distance_km: f64,
    /// Disputes that began between the two in the five years before; 0 without a file of disputes.
    pub disputes: u32,
}

/// Years before the start whose disputes count.
const DISPUTE_YEARS: i32 = 5;

impl World<'_> {
    /// What is known of every pair, in the order of the numbers.
    pub(super) fn known(&self) -> Vec<PairKnown> {
        let (start, _) = self.years();
        let year = self.request.year;
        let mut members: Vec<&Member> = self.members.iter().collect();
        members.sort_by_key(|member| member.number);
        let total = |of: fn(&Member) -> f64| members.iter().map(|member| of(member)).fold(0.0, |sum, value| sum + value);
        let parts: [fn(&Member) -> f64; 3] =
            [|member| member.means.spending.value, |member| member.means.energy.value, |member| member.means.people.value];
        let totals = parts.map(total);
        let mean_share = |member: &Member| {
            let shares = parts.iter().zip(totals).map(|(part, total)| if total > 0.0 { part(member) / total } else { 0.0 });
            shares.fold(0.0, |sum, share| sum + share) / 3.0
        };
        let capabilities: Vec<(f64, Option<f64>)> = members
            .iter()
            .map(|member| (mean_share(member), self.economy.capabilities.index(member.number, year).filter(|index| *index > 0.0)))
            .collect();
        let mut known = Vec::with_capacity(members.len() * members.len().saturating_sub(1) / 2);
        for (position, one) in members.iter().enumerate() {
            for (other, own) in members[position + 1..].iter().zip(&capabilities[position + 1..]) {
                let (first, second) = match (capabilities[position].1, own.1) {
                    (Some(first), Some(second)) => (first, second),
                    _ => (capabilities[position].0, own.0),
                };
                let stronger = first.max(second);
                let defends = |from: u16, to: u16| self.pledge(from, to, year) == Some(Pledge::Defence);
                let disputes = self.extras.disputes.as_ref();
                let disputes = disputes.map_or(0, |disputes| disputes.before(one.number, other.number, start, DISPUTE_YEARS));
                known.push(PairKnown {
                    states: (one.number, other.number),
                    contiguity: self.contiguity.of(one.number, other.number),
                    great_powers: u8::from(one.great) + u8::from(other.great),
                    capability_ratio: if stronger > 0.0 { first.min(second) / stronger } else { 1.0 },
                    allied: defends(one.number, other.number) || defends(other.number, one.number),
                    distance_km: great_circle_km(one.place, other.place),
                    disputes: disputes as u32,
                });
            }
        }
        known
    }
}
