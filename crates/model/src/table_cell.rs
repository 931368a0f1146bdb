//! Cells of tables: what a column holds, and how a field of each type is written into a cell and read back.

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
    /// Number of a state in the Correlates of War list, integer of 32 bits; null where the state has none.
    CowCode,
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
            Self::Int32 | Self::CowCode => "int32",
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

/// How a field of type `T` stands in a cell. Most types are their own `Cell`; `as` in [`table_row!`](macro@crate::table_row) names another.
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

/// The position of a state, which files hold as its number in the Correlates of War list. It is written only: the column follows from
/// that of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CowCode(pub u32);

impl From<CowCode> for CellValue<'_> {
    fn from(code: CowCode) -> Self {
        Self::State(code.0)
    }
}

impl Cell<CowCode> for CowCode {
    const HOLDS: ColumnType = ColumnType::CowCode;
    const NULLABLE: bool = true;

    fn write(value: &CowCode) -> CellValue<'_> {
        CellValue::State(value.0)
    }

    fn read(cell: CellValue<'_>) -> Option<CowCode> {
        if let CellValue::State(position) = cell { Some(CowCode(position)) } else { None }
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
