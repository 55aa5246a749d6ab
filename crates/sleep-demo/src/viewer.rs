//! Who looks on: a terminal on which the chart grows, and an instructor who says when to
//! go on.

use std::io::{self, IsTerminal, Stdout, Write};

use launch::Interrupt;

use timeline::{Lesson, Style, chart::text, line::Line, record::Run, verdict::Verdict};

use crate::{
    catalogue,
    error::Error,
    live::Live,
    options::Options,
    paging,
    prompt::read_line,
    terminal::{self, Wishes},
};

/// More requests than that are judged once the run is over.
const JUDGED_LIVE: usize = 64;

/// What a run is shown to.
#[derive(Debug)]
pub struct Viewer<'a> {
    wishes: Wishes,
    live: Option<Live<Stdout>>,
    steps: bool,
    /// Whether the class sees the question before a run, and the answer after it.
    is_asked: bool,
    /// Whether somebody is there who says when to go on.
    pages: bool,
    interrupt: &'a Interrupt,
}

impl<'a> Viewer<'a> {
    /// As the options and the terminal have it.
    ///
    /// # Errors
    ///
    /// Those of the system when it refuses a handler for Ctrl-Z.
    pub fn new(options: &Options, interrupt: &'a Interrupt) -> io::Result<Self> {
        let wishes = options.wishes();
        let is_live = io::stdout().is_terminal()
            && !(options.no_live || options.plain || options.exports_to_stdout());
        let live = || {
            let colour = terminal::style(&io::stdout(), wishes).colour;
            Live::new(io::stdout(), colour).that_can_be_suspended()
        };
        Ok(Self {
            live: is_live.then(live).transpose()?,
            wishes,
            steps: options.step,
            is_asked: options.step || options.predict,
            pages: options.plays_once() && io::stdin().is_terminal(),
            interrupt,
        })
    }

    /// How to draw for it, on the terminal as wide as it is now.
    #[must_use]
    pub fn style(&self) -> Style {
        terminal::style(&io::stdout(), self.wishes)
    }

    /// Whether it watches while a run goes on.
    pub(crate) fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Puts the scenario's question to the class.
    pub(crate) fn ask(&self, lesson: &Lesson) -> Result<(), Error> {
        match self.is_asked {
            true => self.say(&catalogue::question(lesson, &self.style())),
            false => Ok(()),
        }
    }

    /// Gives the answer, and the usual wrong one, once everybody has seen the verdict.
    pub(crate) fn answer(&mut self, lesson: &Lesson) -> Result<(), Error> {
        if !self.is_asked {
            return Ok(());
        }
        self.wait_for_enter("Enter shows the answer: ")?;
        self.say(&catalogue::answer(lesson, &self.style()))
    }

    /// Writes on standard error: words to the class are no part of the chart.
    fn say(&self, lines: &[Line]) -> Result<(), Error> {
        let colour = self.style().colour && io::stderr().is_terminal();
        for line in lines {
            writeln!(io::stderr(), "{}", line.render(colour))?;
        }
        Ok(())
    }

    /// The servers are ready; their clients come next.
    pub(crate) fn before(&mut self, servers: &[&str]) -> Result<(), Error> {
        if !self.steps {
            return Ok(());
        }
        self.wait_for_enter(&format!(
            "Enter plays {}: ",
            proto::blanked(&servers.join(" and "))
        ))
    }

    /// What stands on the screen stays there.
    pub(crate) fn start_anew(&mut self) {
        if let Some(live) = &mut self.live {
            live.start_anew();
        }
    }

    /// Before the verdict.
    pub(crate) fn before_verdict(&mut self) -> Result<(), Error> {
        self.start_anew();
        if self.steps {
            return self.wait_for_enter("Enter shows the verdict: ");
        }
        Ok(())
    }

    /// Called ten times a second while a run goes on.
    pub(crate) fn during(&mut self, run: &Run, now: u64) {
        let Some(live) = &mut self.live else { return };
        let mut style = terminal::style(&io::stdout(), self.wishes);
        let (columns, rows) = live.screen();
        style.width = style.width.min(columns).max(40);
        let requests: usize = run.servers.iter().map(|one| one.requests().count()).sum();
        let verdicts: Vec<Verdict> = match requests {
            ..=JUDGED_LIVE => run.servers.iter().map(Verdict::of).collect(),
            _ => Vec::new(),
        };
        let room = rows.saturating_sub(1);
        let lines = text::in_room(run, &verdicts, Some(now), &style, room);
        // A screen that cannot be written shows nothing; the run goes on for its record.
        let _ = live.draw(&lines);
    }

    /// Shows the chart of a run that is over, in parts where it is longer than the
    /// screen.
    pub(crate) fn show_chart(
        &mut self,
        run: &Run,
        verdicts: &[Verdict],
    ) -> Result<(), Error> {
        let lines = text::chart(run, verdicts, None, &self.style());
        let Some(live) = &mut self.live else {
            return Ok(self.print(&lines)?);
        };
        let (_, rows) = live.screen();
        if !self.pages || lines.len() < rows {
            return Ok(live.leave(&lines)?);
        }
        for part in paging::parts(&lines, rows) {
            if let Some(live) = &mut self.live {
                live.leave(part)?;
                live.start_anew();
            }
            self.wait_for_enter("Enter goes on: ")?;
        }
        Ok(())
    }

    /// Prints lines on standard output.
    pub(crate) fn print(&self, lines: &[Line]) -> io::Result<()> {
        let colour = self.style().colour;
        let text: String = lines
            .iter()
            .map(|line| line.render(colour) + "\n")
            .collect();
        print(&text)
    }

    /// A line on standard error, which the next frame covers.
    pub(crate) fn note(&mut self, line: &str) -> io::Result<()> {
        if let Some(live) = &mut self.live {
            live.restore();
        }
        writeln!(io::stderr(), "sleep-demo: {line}")?;
        if let Some(live) = &mut self.live {
            live.cover_line();
        }
        Ok(())
    }

    fn wait_for_enter(&mut self, prompt: &str) -> Result<(), Error> {
        if let Some(live) = &mut self.live {
            live.restore();
        }
        write!(io::stderr(), "{prompt}")?;
        io::stderr().flush()?;
        let line = read_line(self.interrupt)?;
        if line.is_none() || !io::stdin().is_terminal() {
            writeln!(io::stderr())?;
        }
        if let Some(live) = &mut self.live {
            live.cover_line();
        }
        Ok(())
    }
}

/// Prints a text on standard output. That nobody reads it (`| head`) is no error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Prints lines on standard output, as they are drawn in this style.
pub(crate) fn show(lines: &[Line], style: &Style) -> Result<(), Error> {
    let text: String = lines
        .iter()
        .map(|line| line.render(style.colour) + "\n")
        .collect();
    Ok(print(&text)?)
}
