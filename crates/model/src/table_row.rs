//! Rows of tables: a struct whose fields are the columns of a table.
//!
//! The macro [`table_row!`](crate::table_row) declares a field, its column (name, type, unit, meaning) and how its value is written
//! and read in one entry. Files, their schemas, measures and lists of columns all follow from the entries.

use serde::{Deserialize, Serialize};

/// No state.
pub const NOBODY: u32 = u32::MAX;

/// Where a number stopped being finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Position in [`crate::audit::QUANTITIES`].
    pub quantity: u16,
    /// State to which the number belongs; for a dyad, its first state.
    pub state: u32,
    /// Tick at which it was noticed.
    pub tick: u32,
}

/// What a column of a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// Code of a state, as text.
    State,
    /// What failed numerically, where and when, as text.
    Failure,
    /// True or false.
    Boolean,
    /// Integer of 32 bits.
    Int32,
    /// Integer of 64 bits.
    Int64,
    /// Floating-point number of 64 bits; what is not finite is null.
    Float64,
}

impl ColumnType {
    /// Its name as lists of columns print it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text | Self::State | Self::Failure => "text",
            Self::Boolean => "boolean",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Float64 => "float64",
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnDefinition {
    /// Its name in files.
    pub name: &'static str,
    /// What it holds.
    pub holds: ColumnType,
    /// Whether a cell may be empty (null).
    pub nullable: bool,
    /// Its unit; empty where there is none.
    pub unit: &'static str,
    /// What it means, in a sentence.
    pub meaning: &'static str,
}

impl ColumnDefinition {
    /// A column; numbers of type [`ColumnType::Float64`] may be empty, others may not.
    #[must_use]
    pub const fn new(name: &'static str, holds: ColumnType, unit: &'static str, meaning: &'static str) -> Self {
        Self { name, holds, nullable: matches!(holds, ColumnType::Float64), unit, meaning }
    }
}

/// What stands in one cell of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellValue<'a> {
    /// Nothing: the cell is empty.
    Nothing,
    /// True or false.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Text.
    Text(&'a str),
    /// Position of a state; files hold its code.
    State(u32),
    /// What failed numerically.
    Failure(Failure),
}

impl CellValue<'_> {
    /// Whether it is true.
    #[must_use]
    pub fn is_true(self) -> bool {
        self == Self::Boolean(true)
    }

    /// The number, if it is one.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(value as f64),
            Self::Number(value) => Some(value),
            _ => None,
        }
    }
}

impl From<bool> for CellValue<'_> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

/// How a field of type `T` stands in a cell. Most types are their own `Cell`; `as` in [`table_row!`](crate::table_row) names another.
pub trait Cell<T> {
    /// What the column holds.
    const HOLDS: ColumnType;
    /// Whether a cell may be empty.
    const NULLABLE: bool = false;
    /// The cell of a value.
    fn write(value: &T) -> CellValue<'_>;
    /// The value of a cell; `None` where the cell holds nothing that this field can be.
    fn read(cell: CellValue<'_>) -> Option<T>;
}

impl Cell<bool> for bool {
    const HOLDS: ColumnType = ColumnType::Boolean;

    fn write(value: &bool) -> CellValue<'_> {
        CellValue::Boolean(*value)
    }

    fn read(cell: CellValue<'_>) -> Option<bool> {
        if let CellValue::Boolean(value) = cell { Some(value) } else { None }
    }
}

/// Integers of 32 bits in files. An empty cell is 0.
macro_rules! integers {
    ($($type:ty),+) => { $(
        impl Cell<$type> for $type {
            const HOLDS: ColumnType = ColumnType::Int32;

            fn write(value: &$type) -> CellValue<'_> {
                CellValue::Integer(i64::from(*value))
            }

            fn read(cell: CellValue<'_>) -> Option<$type> {
                match cell {
                    CellValue::Nothing => Some(0),
                    CellValue::Integer(value) => value.try_into().ok(),
                    _ => None,
                }
            }
        }
    )+ };
}

integers!(u8, u16, u32);

/// A count that files hold in 64 bits.
#[derive(Debug)]
pub enum Count {}

impl Cell<u32> for Count {
    const HOLDS: ColumnType = ColumnType::Int64;

    fn write(value: &u32) -> CellValue<'_> {
        CellValue::Integer(i64::from(*value))
    }

    fn read(cell: CellValue<'_>) -> Option<u32> {
        if let CellValue::Integer(value) = cell { value.try_into().ok() } else { None }
    }
}

impl Cell<u64> for u64 {
    const HOLDS: ColumnType = ColumnType::Int64;

    fn write(value: &u64) -> CellValue<'_> {
        CellValue::Integer(value.cast_signed())
    }

    fn read(cell: CellValue<'_>) -> Option<u64> {
        if let CellValue::Integer(value) = cell { value.try_into().ok() } else { None }
    }
}

/// A number. An empty cell is NaN.
impl Cell<f64> for f64 {
    const HOLDS: ColumnType = ColumnType::Float64;
    const NULLABLE: bool = true;

    fn write(value: &f64) -> CellValue<'_> {
        CellValue::Number(*value)
    }

    fn read(cell: CellValue<'_>) -> Option<f64> {
        Option::<f64>::read(cell).map(|value| value.unwrap_or(f64::NAN))
    }
}

impl Cell<Option<f64>> for Option<f64> {
    const HOLDS: ColumnType = ColumnType::Float64;
    const NULLABLE: bool = true;

    fn write(value: &Option<f64>) -> CellValue<'_> {
        value.map_or(CellValue::Nothing, CellValue::Number)
    }

    fn read(cell: CellValue<'_>) -> Option<Option<f64>> {
        match cell {
            CellValue::Nothing => Some(None),
            CellValue::Number(value) => Some(Some(value)),
            _ => None,
        }
    }
}

impl Cell<String> for String {
    const HOLDS: ColumnType = ColumnType::Text;

    fn write(value: &String) -> CellValue<'_> {
        CellValue::Text(value)
    }

    fn read(cell: CellValue<'_>) -> Option<String> {
        if let CellValue::Text(text) = cell { Some(text.to_string()) } else { None }
    }
}

/// The position of a state, which files hold as its code; [`NOBODY`] is an empty cell.
#[derive(Debug)]
pub enum StateCode {}

impl Cell<u32> for StateCode {
    const HOLDS: ColumnType = ColumnType::State;
    const NULLABLE: bool = true;

    fn write(value: &u32) -> CellValue<'_> {
        if *value == NOBODY { CellValue::Nothing } else { CellValue::State(*value) }
    }

    fn read(cell: CellValue<'_>) -> Option<u32> {
        match cell {
            CellValue::Nothing => Some(NOBODY),
            CellValue::State(position) => Some(position),
            _ => None,
        }
    }
}

impl Cell<Option<Failure>> for Option<Failure> {
    const HOLDS: ColumnType = ColumnType::Failure;
    const NULLABLE: bool = true;

    fn write(value: &Option<Failure>) -> CellValue<'_> {
        value.map_or(CellValue::Nothing, CellValue::Failure)
    }

    fn read(cell: CellValue<'_>) -> Option<Option<Failure>> {
        match cell {
            CellValue::Nothing => Some(None),
            CellValue::Failure(failure) => Some(Some(failure)),
            _ => None,
        }
    }
}

/// A column of rows of one type, with the way to it and back.
#[derive(Debug)]
pub struct Field<Row> {
    /// The column.
    pub column: ColumnDefinition,
    /// The cell of a row.
    pub get: fn(&Row) -> CellValue<'_>,
    /// Sets the field of a row from its cell; false where the cell holds nothing that the field can be. `None` where the column
    /// follows from others.
    pub set: Option<fn(&mut Row, CellValue<'_>) -> bool>,
}

// By hand: what is derived would ask the same of the row.
impl<Row> Clone for Field<Row> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Row> Copy for Field<Row> {}

/// A row of a table, declared by [`table_row!`](crate::table_row).
pub trait TableRow: Sized + 'static {
    /// The row of which nothing is known yet.
    const BLANK: Self;
    /// Its columns, in the order of the table.
    const FIELDS: &'static [Field<Self>];

    /// The column of this name.
    #[must_use]
    fn field(name: &str) -> Option<&'static Field<Self>> {
        Self::FIELDS.iter().find(|field| field.column.name == name)
    }
}

/// Whether two names are the same, for use in constants.
#[must_use]
pub const fn same_name(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut position = 0;
    while position < one.len() {
        if one[position] != other[position] {
            return false;
        }
        position += 1;
    }
    true
}

/// Columns in the order of their table: as declared, but each with a name beside it stands after the column of that name.
///
/// # Panics
/// At compile time, where no column has the name.
#[must_use]
pub const fn arranged<Row, const N: usize>(declared: [(Field<Row>, &str); N]) -> [Field<Row>; N] {
    let mut fields = [declared[0].0; N];
    let (mut filled, mut position) = (0, 0);
    while position < N {
        if declared[position].1.is_empty() {
            let field = declared[position].0;
            fields[filled] = field;
            filled += 1;
            let mut other = 0;
            while other < N {
                if same_name(declared[other].1, field.column.name) {
                    fields[filled] = declared[other].0;
                    filled += 1;
                }
                other += 1;
            }
        }
        position += 1;
    }
    assert!(filled == N, "a column stands `after` one that the table does not have");
    fields
}

/// Declares the rows of a table. An entry says everything about a column:
///
/// - its comment is the meaning that users read;
/// - name and type of the field, with `as` the [`Cell`](crate::table_row::Cell) where it is not that of the type itself;
/// - after `=` the value while nothing is known, then the unit;
/// - `if` a condition without which the cell is empty;
/// - `after NAME` where its column stands elsewhere than its field. The order of the fields is that of serialised rows, the order of
///   the columns is that of the table: neither may change, since files and programs rely on them;
/// - `derived { … }` is a column that follows from fields and is none itself.
///
/// ```
/// use spiral_model::table_row::{Count, TableRow};
///
/// spiral_model::table_row! {
///     /// One harvest in one row.
///     #[derive(Debug, Clone, PartialEq)]
///     pub struct Harvest {
///         /// Number of the field.
///         field: u32 as Count = 0, "";
///         /// Sacks of wheat.
///         sacks: u32 = 0, "count";
///         derived {
///             /// True where there was any wheat.
///             any: bool = |harvest| harvest.sacks > 0, "";
///         }
///     }
/// }
/// let names: Vec<&str> = Harvest::FIELDS.iter().map(|field| field.column.name).collect();
/// assert_eq!(names, ["field", "sacks", "any"]);
/// let harvest = Harvest { sacks: 3, ..Harvest::BLANK };
/// assert!((Harvest::FIELDS[2].get)(&harvest).is_true());
/// ```
#[macro_export]
macro_rules! table_row {
    (@cell $type:ty) => { $type };
    (@cell $type:ty as $cell:ty) => { $cell };
    (@true $anything:expr) => { true };
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $row:ident {
            $(
                $(#[doc = $meaning:literal])+
                $field:ident : $type:ty $(as $cell:ty)? = $blank:expr, $unit:literal $(, if $present:expr)? $(, after $after:ident)?;
                $(derived {
                    $(#[doc = $about:literal])+
                    $derived:ident : $derived_type:ty = $value:expr, $derived_unit:literal;
                })?
            )+
        }
    ) => {
        $(#[$attribute])*
        $visibility struct $row {
            $(
                $(#[doc = $meaning])+
                pub $field: $type,
            )+
        }

        impl $crate::table_row::TableRow for $row {
            const BLANK: Self = Self { $($field: $blank,)+ };
            const FIELDS: &'static [$crate::table_row::Field<Self>] = &$crate::table_row::arranged([
                $(
                    (
                        $crate::table_row::Field::<$row> {
                            column: $crate::table_row::ColumnDefinition {
                                name: stringify!($field),
                                holds: <$crate::table_row!(@cell $type $(as $cell)?) as $crate::table_row::Cell<$type>>::HOLDS,
                                nullable: <$crate::table_row!(@cell $type $(as $cell)?) as $crate::table_row::Cell<$type>>::NULLABLE
                                    $(|| $crate::table_row!(@true $present))?,
                                unit: $unit,
                                meaning: concat!($($meaning),+).trim_ascii(),
                            },
                            get: |row| {
                                $(
                                    let present: fn(&$row) -> bool = $present;
                                    if !present(row) {
                                        return $crate::table_row::CellValue::Nothing;
                                    }
                                )?
                                <$crate::table_row!(@cell $type $(as $cell)?) as $crate::table_row::Cell<$type>>::write(&row.$field)
                            },
                            set: Some(|row, cell| {
                                let value = <$crate::table_row!(@cell $type $(as $cell)?) as $crate::table_row::Cell<$type>>::read(cell);
                                value.map(|value| row.$field = value).is_some()
                            }),
                        },
                        concat!($(stringify!($after))?),
                    ),
                    $((
                        $crate::table_row::Field::<$row> {
                            column: $crate::table_row::ColumnDefinition {
                                name: stringify!($derived),
                                holds: <$derived_type as $crate::table_row::Cell<$derived_type>>::HOLDS,
                                nullable: <$derived_type as $crate::table_row::Cell<$derived_type>>::NULLABLE,
                                unit: $derived_unit,
                                meaning: concat!($($about),+).trim_ascii(),
                            },
                            get: |row| {
                                let value: fn(&$row) -> $derived_type = $value;
                                $crate::table_row::CellValue::from(value(row))
                            },
                            set: None,
                        },
                        "",
                    ),)?
                )+
            ]);
        }
    };
}

/// Declares an enum whose variants have names in tables and a meaning, which is their comment.
macro_rules! named {
    (
        $(#[$attribute:meta])*
        pub enum $kind:ident {
            $( $(#[doc = $meaning:literal])+ $variant:ident = $name:literal, )+
        }
    ) => {
        $(#[$attribute])*
        pub enum $kind {
            $( $(#[doc = $meaning])+ $variant, )+
        }

        impl $kind {
            /// All of them, in order.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// Its name in tables.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it means, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($meaning),+).trim_ascii(),)+ }
            }

            fn of_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.name() == name)
            }
        }

        impl $crate::table_row::Cell<$kind> for $kind {
            const HOLDS: $crate::table_row::ColumnType = $crate::table_row::ColumnType::Text;

            fn write(value: &$kind) -> $crate::table_row::CellValue<'_> {
                $crate::table_row::CellValue::Text(value.name())
            }

            fn read(cell: $crate::table_row::CellValue<'_>) -> Option<$kind> {
                if let $crate::table_row::CellValue::Text(name) = cell { Self::of_name(name) } else { None }
            }
        }

        impl $crate::table_row::Cell<Option<$kind>> for Option<$kind> {
            const HOLDS: $crate::table_row::ColumnType = $crate::table_row::ColumnType::Text;
            const NULLABLE: bool = true;

            fn write(value: &Option<$kind>) -> $crate::table_row::CellValue<'_> {
                value.map_or($crate::table_row::CellValue::Nothing, |value| $crate::table_row::CellValue::Text(value.name()))
            }

            fn read(cell: $crate::table_row::CellValue<'_>) -> Option<Option<$kind>> {
                match cell {
                    $crate::table_row::CellValue::Nothing => Some(None),
                    other => <$kind as $crate::table_row::Cell<$kind>>::read(other).map(Some),
                }
            }
        }
    };
}

pub(crate) use named;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Outcome};

    fn names<Row: TableRow>() -> Vec<&'static str> {
        Row::FIELDS.iter().map(|field| field.column.name).collect()
    }

    #[test]
    fn every_column_has_a_meaning_and_no_two_a_name() {
        fn check<Row: TableRow>() {
            for field in Row::FIELDS {
                let ColumnDefinition { name, meaning, .. } = field.column;
                assert!(meaning.ends_with('.') && !meaning.starts_with(' '), "{name}: {meaning:?}");
                assert_eq!(names::<Row>().iter().filter(|other| **other == name).count(), 1, "{name}");
            }
        }
        check::<Outcome>();
        check::<Event>();
    }

    #[test]
    fn a_column_that_was_added_later_stands_after_the_older_ones() {
        let names = names::<Outcome>();
        let at = |name: &str| names.iter().position(|other| *other == name).expect("a column");
        assert_eq!(at("great_power_crises"), at("ended") + 1, "{names:?}");
        assert_eq!((at("war"), at("first_war_date")), (at("wars") + 1, at("wars") + 2), "{names:?}");
    }

    /// A row that is written and read again is what it was, and an empty cell is what the field is while nothing happened.
    #[test]
    fn rows_come_back_from_their_cells() {
        let failure = Some(Failure { quantity: 1, state: 2, tick: 3 });
        let written = Outcome {
            crises: 4,
            first_war_date: Some(1914.5),
            motive: Some(crate::Motive::Preemption),
            initiator: 1,
            belligerents_30d: 200,
            ended: crate::Ended::Failure,
            failure,
            ..Outcome::unwritten(7, 1890.0)
        };
        for outcome in [written, Outcome::unwritten(3, 1900.0)] {
            let mut read = Outcome::BLANK;
            for field in Outcome::FIELDS {
                assert!(field.set.is_none_or(|set| set(&mut read, (field.get)(&outcome))), "{}", field.column.name);
            }
            assert_eq!(read, outcome);
        }
        let kind = Event::field("kind").expect("a column");
        let set = kind.set.expect("a field");
        assert!(!set(&mut Event::BLANK.clone(), CellValue::Text("no such kind")));
        assert!(!set(&mut Event::BLANK.clone(), CellValue::Nothing));
        let powers = Outcome::field("great_powers_30d").expect("a column");
        assert_eq!((powers.get)(&Outcome::BLANK), CellValue::Nothing, "no war, no powers at war");
        assert!(powers.column.nullable && !powers.set.expect("a field")(&mut Outcome::BLANK.clone(), CellValue::Integer(256)));
    }
}
