//! What there is to show: `--list` and `--explain`.

use timeline::{
    Lesson, Style,
    columns::{to_left, wrap},
    line::{Ink, Line},
};

use crate::{error::Error, scenario::Folder};

/// In which column a title begins, behind the scenario's name and its minutes.
const TITLE_AT: usize = 25;

/// The scenarios in teaching order: name, minutes, and what happens.
///
/// # Errors
///
/// A [`ScenarioError`](crate::scenario::ScenarioError) when one cannot be read.
pub fn list(folder: &Folder, style: &Style) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    let mut minutes = 0;
    for name in folder.names()? {
        let lesson = folder.scenario(&name)?.lesson;
        let mut line = Line::of(Ink::Strong, to_left(&name, 16));
        line.push(Ink::Plain, &format!("{:>3} min  ", lesson.minutes));
        for line_of_title in wrap(&lesson.title, style.width.saturating_sub(TITLE_AT)) {
            line.push(Ink::Plain, &line_of_title);
            let next = Line::of(Ink::Plain, " ".repeat(TITLE_AT));
            lines.push(std::mem::replace(&mut line, next));
        }
        lines.extend(indented(&lesson.lesson, style));
        minutes += lesson.minutes;
    }
    lines.push(Line::new());
    let count = lines
        .iter()
        .filter(|line| line.render(false).contains(" min  "))
        .count();
    lines.push(Line::of(
        Ink::Plain,
        format!("{count} scenarios, {minutes} minutes with the discussion"),
    ));
    Ok(lines)
}

/// The question to the class, the answer, and the usual wrong answer.
///
/// # Errors
///
/// A [`ScenarioError`](crate::scenario::ScenarioError) when it cannot be read.
pub fn explain(folder: &Folder, name: &str, style: &Style) -> Result<Vec<Line>, Error> {
    let lesson = folder.scenario(name)?.lesson;
    let mut lines = vec![Line::of(Ink::Strong, lesson.title.clone()), Line::new()];
    lines.extend(under("Lesson", &lesson.lesson, style));
    lines.extend(under("Question", &lesson.question, style));
    lines.extend(answer(&lesson, style));
    lines.push(Line::new());
    let advice = format!(
        "{} minutes; play it: scripts/demo.sh {name}",
        lesson.minutes
    );
    lines.push(Line::of(Ink::Plain, advice));
    Ok(lines)
}

/// What the class is asked before a run.
#[must_use]
pub fn question(lesson: &Lesson, style: &Style) -> Vec<Line> {
    let mut lines = vec![Line::of(Ink::Strong, lesson.title.clone())];
    lines.extend(under("Question", &lesson.question, style));
    lines
}

/// What the class reads after a run.
#[must_use]
pub fn answer(lesson: &Lesson, style: &Style) -> Vec<Line> {
    let mut lines = under("Answer", &lesson.answer, style);
    lines.extend(under("The usual wrong answer", &lesson.mistake, style));
    lines
}

fn under(heading: &str, text: &str, style: &Style) -> Vec<Line> {
    let mut lines = vec![Line::of(Ink::Strong, heading)];
    lines.extend(indented(text, style));
    lines
}

fn indented(text: &str, style: &Style) -> Vec<Line> {
    let text = if style.ascii {
        text.replace('…', "...")
    } else {
        text.to_owned()
    };
    let lines = wrap(&text, style.width.saturating_sub(4));
    lines
        .into_iter()
        .map(|line| Line::of(Ink::Plain, format!("    {line}")))
        .collect()
}
