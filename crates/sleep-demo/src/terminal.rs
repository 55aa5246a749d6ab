//! What a stream can show: colour, width, signs beyond ASCII. Decided for each stream,
//! from what is asked for, the environment and the terminal, and with a reason that can
//! be printed.

use std::{env, io::IsTerminal};

use timeline::Style;

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColourChoice {
    /// As the environment and the stream say.
    #[default]
    Auto,
    /// Colour.
    Always,
    /// No colour.
    Never,
}

/// What decides a style, besides the stream itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    /// `--color`.
    pub colour: ColourChoice,
    /// `--width`.
    pub width: Option<usize>,
    /// `--ascii`.
    pub ascii: bool,
}

/// The style for a stream of this process.
#[must_use]
pub fn style(stream: &impl IsTerminal, wishes: Wishes) -> Style {
    let is_terminal = stream.is_terminal();
    Style {
        width: width(wishes.width, variable("COLUMNS"), || {
            terminal_width(is_terminal)
        }),
        colour: colour(wishes.colour, variable, is_terminal).0,
        ascii: wishes.ascii || !can_show_unicode(variable),
    }
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

fn terminal_width(is_terminal: bool) -> Option<usize> {
    // Where there is no terminal, crossterm would run tput to find its size.
    let (columns, _) = is_terminal.then(crossterm::terminal::size)?.ok()?;
    Some(usize::from(columns)).filter(|columns| *columns > 0)
}

/// `--color`, `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR`, `TERM`, then the stream; and
/// which of them it was.
pub(crate) fn colour(
    choice: ColourChoice,
    variable: impl Fn(&str) -> Option<String>,
    is_terminal: bool,
) -> (bool, &'static str) {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    let is = |name, wanted| variable(name).is_some_and(|value| value == wanted);
    match choice {
        ColourChoice::Always => (true, "--color always"),
        ColourChoice::Never => (false, "--color never"),
        ColourChoice::Auto if is_set("NO_COLOR") => (false, "NO_COLOR is set"),
        ColourChoice::Auto if is_set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") => {
            (true, "CLICOLOR_FORCE is set")
        }
        ColourChoice::Auto if is("CLICOLOR", "0") => (false, "CLICOLOR=0"),
        ColourChoice::Auto if is("TERM", "dumb") => (false, "TERM=dumb"),
        ColourChoice::Auto if is_terminal => (true, "it is a terminal"),
        ColourChoice::Auto => (false, "it is no terminal"),
    }
}

/// `--width`, `COLUMNS`, the terminal, 80; between 40 and 200.
fn width(
    asked: Option<usize>,
    columns: Option<String>,
    terminal: impl Fn() -> Option<usize>,
) -> usize {
    let columns = || {
        columns
            .and_then(|text| text.parse().ok())
            .filter(|width| *width > 0)
    };
    asked
        .or_else(columns)
        .or_else(terminal)
        .unwrap_or(80)
        .clamp(40, 200)
}

/// The locale, as `LC_ALL`, `LC_CTYPE` and `LANG` name it in this order, has UTF-8.
pub(crate) fn can_show_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(&variable)
        .find(|value| !value.is_empty())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_utf8 = locale.contains("utf-8") || locale.contains("utf8");
    is_utf8 && variable("TERM").as_deref() != Some("dumb")
}

#[cfg(test)]
mod tests {
    use super::{ColourChoice, can_show_unicode, colour, width};

    fn environment(pairs: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn the_first_rule_that_says_something_decides_on_colour() {
        let decided = |choice, pairs: &[(&str, &str)], terminal| {
            colour(choice, environment(pairs), terminal).0
        };
        let all = [("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1"), ("TERM", "dumb")];
        assert!(decided(ColourChoice::Always, &all, false));
        assert!(!decided(
            ColourChoice::Never,
            &[("CLICOLOR_FORCE", "1")],
            true
        ));
        let auto = ColourChoice::Auto;
        assert!(
            !decided(auto, &all, true),
            "NO_COLOR comes before CLICOLOR_FORCE"
        );
        assert!(decided(
            auto,
            &[("NO_COLOR", ""), ("CLICOLOR_FORCE", "1")],
            false
        ));
        assert!(decided(
            auto,
            &[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")],
            false
        ));
        assert!(!decided(
            auto,
            &[("CLICOLOR", "0"), ("TERM", "xterm")],
            true
        ));
        assert!(!decided(auto, &[("TERM", "dumb")], true));
        assert!(decided(auto, &[("CLICOLOR_FORCE", "0")], true));
        assert!(!decided(auto, &[], false));
    }

    #[test]
    fn the_width_is_asked_for_or_found_and_kept_within_40_and_200() {
        let columns = |text: &str| Some(text.to_owned());
        assert_eq!(width(Some(100), columns("90"), || Some(120)), 100);
        assert_eq!(width(None, columns("90"), || Some(120)), 90);
        assert_eq!(width(None, columns("wide"), || Some(120)), 120);
        assert_eq!(width(None, None, || None), 80);
        assert_eq!(width(Some(1), None, || None), 40);
        assert_eq!(width(None, columns("9999"), || None), 200);
    }

    #[test]
    fn a_locale_without_utf_8_gets_ascii() {
        let shows = |pairs: &[(&str, &str)]| can_show_unicode(environment(pairs));
        assert!(shows(&[("LANG", "en_US.UTF-8")]));
        assert!(shows(&[
            ("LC_ALL", ""),
            ("LC_CTYPE", "C.utf8"),
            ("LANG", "C")
        ]));
        assert!(!shows(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]));
        assert!(!shows(&[]));
        assert!(!shows(&[("LANG", "en_US.UTF-8"), ("TERM", "dumb")]));
    }
}
