//! Rows of tables: a struct whose fields are the columns of a table.
//!
//! The macro [`table_row!`](macro@crate::table_row) declares a field, its column (name, type, unit, meaning) and how its value is written
//! and read in one entry. Files, their schemas, measures and lists of columns all follow from the entries.

pub use crate::table_cell::{Cell, CellValue, ColumnDefinition, ColumnType, Count, CowCode, Failure, NOBODY, StateCode};

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

/// A row of a table, declared by [`table_row!`](macro@crate::table_row).
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
