//! What a number is: name, symbol, unit, range, default, meaning. Scenario files, `spiral show`, sweeps and the ODD document
//! all read these; the macro `parameters!` writes the struct and its specification from one text.

/// One number that a scenario may give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Specification {
    /// Field name: the last word of its path.
    pub name: &'static str,
    /// Symbol in the equations.
    pub symbol: &'static str,
    /// Unit; `1` where there is none.
    pub unit: &'static str,
    /// Smallest allowed value.
    pub low: f64,
    /// Largest allowed value.
    pub high: f64,
    /// Value where a scenario says nothing.
    pub default: f64,
    /// Where the default is a judgement: the range within which another judge might put it.
    pub judged: Option<(f64, f64)>,
    /// What it is, in a sentence.
    pub meaning: &'static str,
}

impl Specification {
    /// Whether `value` is a number in the allowed range.
    #[must_use]
    pub fn allows(&self, value: f64) -> bool {
        value >= self.low && value <= self.high
    }
}

/// A struct of numbers that can be read and written by position or name.
pub trait Group {
    /// The specification of each field, in order.
    const SPECIFICATIONS: &'static [Specification];
    /// The field at a position of [`Group::SPECIFICATIONS`]; NaN past the end.
    fn get(&self, index: usize) -> f64;
    /// Sets the field at a position; does nothing past the end.
    fn set(&mut self, index: usize, value: f64);
    /// The position of the field with this name.
    #[must_use]
    fn position(name: &str) -> Option<usize> {
        Self::SPECIFICATIONS.iter().position(|specification| specification.name == name)
    }
}

/// Declares a struct of parameters with its specification: symbol, unit, allowed range, default and, where the default is a
/// judgement, the range of that judgement.
///
/// ```
/// spiral_model::parameters! {
///     /// How fast arms wear out.
///     pub struct Wear {
///         /// Share of arms that wears out each year.
///         depreciation: "α", "1/year", 0.0..=1.0, 0.15, 0.1..=0.2;
///     }
/// }
/// assert_eq!(Wear::default().depreciation, 0.15);
/// ```
#[macro_export]
macro_rules! parameters {
    (
        $(#[doc = $about:literal])*
        pub struct $group:ident {
            $( $(#[doc = $meaning:literal])+ $field:ident : $symbol:literal, $unit:literal, $low:literal ..= $high:literal, $default:literal
                $(, $lowest:literal ..= $highest:literal)?; )*
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
        pub struct $group {
            $(
                $(#[doc = $meaning])+
                #[doc = concat!("\n\n`", $symbol, "`, unit ", $unit, ", from ", stringify!($low), " to ", stringify!($high), ", default ", stringify!($default)
                    $(, ", judgement, range ", stringify!($lowest), " to ", stringify!($highest))?, ".")]
                pub $field: f64,
            )*
        }

        impl Default for $group {
            fn default() -> Self {
                Self { $( $field: $default, )* }
            }
        }

        impl $crate::specification::Group for $group {
            const SPECIFICATIONS: &'static [$crate::specification::Specification] = &[
                $( $crate::specification::Specification {
                    name: stringify!($field),
                    symbol: $symbol,
                    unit: $unit,
                    low: $low,
                    high: $high,
                    default: $default,
                    judged: [$( Some(($lowest, $highest)), )? None][0],
                    meaning: concat!($($meaning),+),
                }, )*
            ];

            fn get(&self, index: usize) -> f64 {
                [$( self.$field ),*].get(index).copied().unwrap_or(f64::NAN)
            }

            fn set(&mut self, index: usize, value: f64) {
                let mut position = 0;
                $(
                    if index == position {
                        self.$field = value;
                    }
                    position += 1;
                )*
                let _ = position;
            }
        }
    };
}
