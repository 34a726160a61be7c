//! The log: one JSON object a line on standard output, with `time`, `level`, `msg` and the event's own fields.

use std::fmt::{self, Debug, Write as _};

use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Sends what is traced, and panics, to the log.
pub fn init(level: LevelFilter) {
    tracing_subscriber::fmt()
        .event_format(Json)
        .with_max_level(level)
        .init();
    std::panic::set_hook(Box::new(|panic| tracing::error!(reason = %panic, "panic")));
}

struct Json;

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut line: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        line.write_str(r#"{"time":""#)?;
        SystemTime.format_time(&mut line)?;
        let level = event.metadata().level();
        let Fields { message, others } = fields;
        writeln!(line, r#"","level":"{level}","msg":{message}{others}}}"#)
    }
}

/// The fields of one event as JSON; `others` is a comma before each.
#[derive(Default)]
struct Fields {
    message: String,
    others: String,
}

impl Fields {
    fn add(&mut self, field: &Field, value: &impl Serialize) {
        let json = serde_json::to_string(value).unwrap_or_default();
        if field.name() == "message" {
            self.message = json;
        } else {
            // Writing to a String cannot fail.
            let _ = write!(self.others, r#","{field}":{json}"#);
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, &value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, &value);
    }
}
