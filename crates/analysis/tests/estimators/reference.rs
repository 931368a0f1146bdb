//! Numbers computed with scipy 1.17.1, statsmodels 0.15.0, lifelines 0.30.3 and numpy 2.4.6; the call stands at each.

use spiral_analysis::Estimate;
use spiral_analysis::intervals::{
    Term, mean, normal_critical, order_statistic_ranks, point_quantile, poisson_rate, quantile, rate, share, student_critical,
    wilson_ends,
};
use spiral_analysis::paired::{FourfoldTable, independent_share_difference};
use spiral_analysis::survival::{KaplanMeier, SortedSpells, Spell, log_rank};

#[track_caller]
fn close(measured: f64, expected: f64, relative: f64) {
    let error = (measured - expected).abs();
    assert!(error <= relative * expected.abs().max(1e-300), "measured {measured:e}, expected {expected:e}, error {error:e}");
}

#[track_caller]
fn ends(estimate: &Estimate, expected: (f64, f64), relative: f64) {
    close(estimate.lower.expect("a lower end"), expected.0, relative);
    close(estimate.upper.expect("an upper end"), expected.1, relative);
}

#[test]
fn critical_values() {
    // scipy.stats.norm.ppf(0.975)
    close(normal_critical(), 1.959963984540054, 1e-10);
    // scipy.stats.t.ppf(0.975, df)
    for (degrees, expected) in [
        (1.0, 12.706204736174694),
        (2.0, 4.302652729749462),
        (5.0, 2.5705818356363146),
        (10.0, 2.228138851986274),
        (99.0, 1.9842169515864174),
        (999.0, 1.9623414611334493),
        (1000.0, 1.9623390808264083),
        (9999.0, 1.960201263621357),
        (999999.0, 1.9599663568164791),
    ] {
        close(student_critical(degrees), expected, 1e-10);
    }
}

#[test]
fn wilson() {
    // statsmodels.stats.proportion.proportion_confint(k, n, method="wilson")
    for (successes, trials, lower, upper) in [
        (0, 10, 0.0, 0.27753279986288926),
        (10, 10, 0.7224672001371106, 1.0),
        (3, 10, 0.10779126740630104, 0.6032218525388546),
        (63, 100, 0.5322052958094291, 0.7181763946567546),
        (1, 1_000_000, 1.7652457674537176e-07, 5.664911804311445e-06),
        (630_000, 1_000_000, 0.6290532232424199, 0.6309457779821236),
    ] {
        let (measured_lower, measured_upper) = wilson_ends(successes, trials);
        close(measured_lower, lower, 1e-9);
        close(measured_upper, upper, 1e-9);
    }
    let nothing = share(0, 0);
    assert_eq!((nothing.estimate, nothing.lower, nothing.upper, nothing.n), (None, None, None, 0));
}

#[test]
fn mean_of_ten() {
    // x = [2.1, 3.4, …]; scipy.stats.t.interval(0.95, 9, loc=x.mean(), scale=scipy.stats.sem(x))
    let estimate = mean(&[2.1, 3.4, 1.9, 5.5, 4.4, 2.8, 3.9, 4.1, 0.7, 6.2]);
    close(estimate.estimate.expect("a mean"), 3.5, 1e-14);
    ends(&estimate, (2.296347197790565, 4.703652802209435), 1e-9);
    let one = mean(&[7.0]);
    assert_eq!((one.estimate, one.lower, one.upper), (Some(7.0), None, None), "one value has no interval");
}

#[test]
fn quantiles() {
    // numpy.quantile([1, 2, 4, 8, 16], [0.1, 0.5, 0.9])
    for (p, expected) in [(0.1, 1.4), (0.5, 4.0), (0.9, 12.8)] {
        close(point_quantile(&[1.0, 2.0, 4.0, 8.0, 16.0], p), expected, 1e-14);
    }
    // Largest l with scipy.stats.binom.cdf(l - 1, n, p) <= 0.025, smallest u with binom.cdf(u - 1, n, p) >= 0.975; from 1.
    for (n, p, lower, upper) in [
        (10, 0.5, 2, 9),
        (6, 0.5, 1, 6),
        (100, 0.5, 40, 61),
        (101, 0.5, 41, 61),
        (200, 0.05, 4, 17),
        (1000, 0.95, 936, 964),
        (100_000, 0.5, 49_690, 50_311),
        (1_000_000, 0.5, 499_020, 500_981),
    ] {
        assert_eq!(order_statistic_ranks(n, p), (Some(lower - 1), Some(upper - 1)), "n = {n}, p = {p}");
    }
    let five = quantile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.5);
    assert_eq!(
        (five.estimate, five.lower, five.upper),
        (Some(3.0), None, None),
        "five values cannot bound a median: 2·0.5⁵ > 0.05"
    );
}

#[test]
fn garwood() {
    // scipy.stats.chi2.ppf(0.025, 2 * k) / 2, scipy.stats.chi2.ppf(0.975, 2 * k + 2) / 2
    for (events, lower, upper) in [
        (0, 0.0, 3.6888794541139354),
        (1, 0.025317807984289876, 5.571643390938898),
        (5, 1.6234863901184207, 11.66833207932267),
        (20, 12.216519585403944, 30.8883779026746),
        (100, 81.36399125092314, 121.62679379242638),
        (5000, 4862.359188694899, 5140.5489485350045),
        (1_000_000, 998040.9833402939, 1001961.9119454322),
    ] {
        ends(&poisson_rate(events, 1.0), (lower, upper), 1e-9);
    }
    let per_year = poisson_rate(5, 50.0);
    close(per_year.estimate.expect("a rate"), 0.1, 1e-14);
    ends(&per_year, (1.6234863901184207 / 50.0, 11.66833207932267 / 50.0), 1e-9);
}

#[test]
fn ratio_of_sums() {
    // R = e.sum() / t.sum(); r = e - R * t; se = sqrt(r.var(ddof=1) / 8) / t.mean(); R * exp(±scipy.stats.t.ppf(0.975, 7) * se / R)
    let events = [3.0, 0.0, 5.0, 1.0, 2.0, 8.0, 0.0, 4.0];
    let exposure = [10.0, 12.0, 9.5, 11.0, 10.0, 14.0, 8.0, 10.0];
    let terms: Vec<Term> = events.iter().zip(exposure).map(|(&numerator, denominator)| Term { numerator, denominator }).collect();
    let estimate = rate(&terms);
    close(estimate.estimate.expect("a rate"), 0.27218934911242604, 1e-14);
    ends(&estimate, (0.1302207904582934, 0.5689340504654243), 1e-9);
    let none = rate(&[Term { numerator: 0.0, denominator: 25.0 }; 4]);
    assert_eq!((none.estimate, none.lower), (Some(0.0), Some(0.0)));
    close(none.upper.expect("an upper end"), 3.6888794541139354 / 100.0, 1e-9);
}

/// Remission of leukaemia in weeks, 6-MP and placebo (Freireich and others 1963), and a third group made up with ties between
/// an event and a censored time.
fn groups() -> [SortedSpells; 3] {
    let spells = |times: &[u32], events: &[u32]| {
        let spell = |(&time, &event): (&u32, &u32)| Spell { time: f64::from(time), event: event == 1 };
        SortedSpells::new(times.iter().zip(events).map(spell))
    };
    [
        spells(
            &[6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
            &[1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ),
        spells(&[1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], &[1; 21]),
        spells(&[3, 5, 8, 8, 9, 14, 20, 21], &[1, 1, 0, 1, 1, 0, 1, 0]),
    ]
}

#[test]
fn kaplan_meier() {
    // k = lifelines.KaplanMeierFitter().fit(times, events): time, at_risk, observed, survival_function_, confidence_interval_
    let treated = [
        (6.0, 21, 3, 0.857142857142857, 0.6197179552659838, 0.9515517476469969),
        (7.0, 17, 1, 0.8067226890756299, 0.5631465646222333, 0.9228090192028802),
        (10.0, 15, 1, 0.7529411764705878, 0.5031995107999564, 0.8893618351692651),
        (13.0, 12, 1, 0.6901960784313722, 0.4316102224861839, 0.8490659633494505),
        (16.0, 11, 1, 0.6274509803921566, 0.36751085598750194, 0.8049121894718411),
        (22.0, 7, 1, 0.5378151260504199, 0.26777893676713493, 0.7467907176353943),
        (23.0, 6, 1, 0.44817927170868327, 0.18805200595923233, 0.6801426284952412),
    ];
    let third = [
        (3.0, 8, 1, 0.8750000000000001, 0.38700001403202483, 0.9813929658789661),
        (5.0, 7, 1, 0.7500000000000001, 0.314807113705519, 0.9308983170906276),
        (8.0, 6, 1, 0.625, 0.22933332242913165, 0.8606982769135387),
        (9.0, 4, 1, 0.4687500000000001, 0.1199286222409071, 0.7628556678717602),
        (20.0, 2, 1, 0.23437500000000008, 0.013015486045419931, 0.6158060357414048),
    ];
    let [six_mp, placebo, made_up] = groups().map(|group| KaplanMeier::fit(&group));
    for (curve, expected) in [(&six_mp, treated.as_slice()), (&made_up, third.as_slice())] {
        assert_eq!(curve.steps().len(), expected.len());
        for (step, &(time, at_risk, events, survival, lower, upper)) in curve.steps().iter().zip(expected) {
            assert_eq!((step.time, step.at_risk, step.events), (time, at_risk, events));
            close(step.survival, survival, 1e-13);
            close(step.lower, lower, 1e-9);
            close(step.upper, upper, 1e-9);
        }
    }
    // lifelines: k.median_survival_time_, median_survival_times(k.confidence_interval_)
    let medians = [&six_mp, &placebo, &made_up].map(|curve| {
        let median = curve.median();
        (median.estimate, median.lower, median.upper)
    });
    assert_eq!(medians, [(Some(23.0), Some(13.0), None), (Some(8.0), Some(4.0), Some(11.0)), (Some(9.0), Some(3.0), None)]);
    // With nobody left survival is zero and the upper end stays that of the step before, where lifelines gives 0.
    let last = placebo.steps().last().expect("a last step");
    assert_eq!((last.survival, last.lower), (0.0, 0.0));
    close(last.upper, 0.1970449056989461, 1e-9);
}

#[test]
fn log_rank_of_two_and_three() {
    let [six_mp, placebo, third] = groups();
    // lifelines.statistics.logrank_test
    let two = log_rank(&[&six_mp, &placebo]).expect("a test");
    close(two.chi_square, 16.792940989216547, 1e-12);
    close(two.p, 4.168809109334511e-05, 1e-9);
    assert_eq!(two.degrees_of_freedom, 1);
    // lifelines.statistics.multivariate_logrank_test
    let three = log_rank(&[&six_mp, &placebo, &third]).expect("a test");
    close(three.chi_square, 17.151512330379035, 1e-12);
    close(three.p, 0.00018862376935542674, 1e-9);
    assert_eq!(three.degrees_of_freedom, 2);
    // A group with nobody in it changes nothing; one group alone is no test.
    assert_eq!(log_rank(&[&six_mp, &SortedSpells::new(Vec::new()), &placebo]), Some(two));
    assert_eq!(log_rank(&[&six_mp]), None);
}

#[test]
fn mcnemar() {
    // statsmodels.stats.contingency_tables.mcnemar([[10, b], [c, 10]], exact=True).pvalue
    for (first_only, second_only, p) in [
        (5, 0, 0.0625),
        (12, 2, 0.012939453125),
        (100, 140, 0.01166409231767769),
        (3000, 3400, 6.067610453848047e-07),
        (20_300, 19_700, 0.0027440009707677166),
        (7, 7, 1.0),
    ] {
        let table = FourfoldTable { both: 10, first_only, second_only, neither: 10 };
        close(table.mcnemar_p().expect("a p-value"), p, 1e-9);
    }
    assert_eq!(FourfoldTable { both: 10, neither: 10, ..FourfoldTable::default() }.mcnemar_p(), None);
}

#[test]
fn newcombe_paired() {
    // The formulas of Newcombe (1998, Statistics in Medicine 17:2635) evaluated in numpy. The first table is the worked example
    // of Altman and others (2000, "Statistics with Confidence", p. 52), printed as 0.122 [0.011, 0.226].
    for (both, second_only, first_only, neither, difference, lower, upper) in [
        (14, 5, 0, 22, 0.12195121951219512, 0.011483241383033221, 0.2264926843512112),
        (1, 1, 7, 12, -0.2857142857142857, -0.506920226686141, -0.025559124164859837),
        (36, 12, 2, 0, 0.2, 0.05692958400323875, 0.3404276029749408),
        (53, 0, 0, 1, 0.0, -0.07293814547857723, 0.07293814547857723),
        (0, 0, 0, 54, 0.0, -0.06641358809089641, 0.06641358809089641),
        (500, 120, 80, 300, 0.04, 0.012307107255747005, 0.06757541782229928),
    ] {
        let estimate = FourfoldTable { both, first_only, second_only, neither }.difference();
        assert!((estimate.estimate.expect("a difference") - difference).abs() < 1e-14, "{estimate:?}");
        ends(&estimate, (lower, upper), 1e-9);
    }
}

#[test]
fn newcombe_independent() {
    // statsmodels.stats.proportion.confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff"), first − second
    for (second, first, lower, upper) in [
        ((56, 70), (48, 80), 0.05243147240236498, 0.33387265403690614),
        ((0, 10), (0, 20), -0.1611251580528194, 0.27753279986288926),
        ((10, 10), (0, 20), 0.6790860371419145, 1.0),
    ] {
        ends(&independent_share_difference(first, second), (lower, upper), 1e-9);
    }
}
