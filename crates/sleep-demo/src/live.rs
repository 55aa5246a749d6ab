//! The chart on a terminal, redrawn in place while the clients wait. What it draws last
//! stays.

use std::{
    io::{self, IsTerminal, Write, stdin},
    mem,
};

use crossterm::{
    cursor::{Hide, MoveTo, MoveToPreviousLine, Show},
    queue,
    terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, size},
};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use timeline::line::Line;

use crate::suspension::Suspension;

/// A block of lines that is drawn over itself.
///
/// While it is drawn, the cursor is hidden and typed keys are not echoed; both are put
/// back when it is dropped, on every way out.
#[derive(Debug)]
pub struct Live<W: Write> {
    out: W,
    colour: bool,
    /// How many lines of this block stand above the cursor.
    drawn: usize,
    /// Whether the block has been moved to the top of the screen.
    at_top: bool,
    size: (u16, u16),
    echo: Option<Termios>,
    is_hidden: bool,
    suspension: Suspension,
}

impl<W: Write> Live<W> {
    /// A block that starts where the cursor is, at the start of a line.
    pub fn new(out: W, colour: bool) -> Self {
        Self {
            out,
            colour,
            drawn: 0,
            at_top: false,
            size: screen(),
            echo: None,
            is_hidden: false,
            suspension: Suspension::default(),
        }
    }

    /// The same, which gives the terminal back on Ctrl-Z, too.
    ///
    /// # Errors
    ///
    /// Those of the system when it refuses a handler of the signal.
    pub fn that_can_be_suspended(mut self) -> io::Result<Self> {
        self.suspension = Suspension::catch()?;
        Ok(self)
    }

    /// Columns and rows of the screen, as they are now.
    #[must_use]
    pub fn screen(&self) -> (usize, usize) {
        let (columns, rows) = screen();
        (usize::from(columns), usize::from(rows))
    }

    /// Draws a frame over the one before. What the screen has no room for is left out.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn draw(&mut self, lines: &[Line]) -> io::Result<()> {
        if self.suspension.is_asked() {
            self.restore();
            self.suspension.stop();
            // The shell has written below the block: a whole one follows.
            self.start_anew();
        }
        if !self.is_hidden {
            self.suspension.is_looked_after(true);
            self.echo = stop_echo();
            self.is_hidden = true;
        }
        let (columns, rows) = self.screen();
        let shown = lines.iter().take(rows.saturating_sub(1).max(1));
        let frame: Vec<Line> = shown.map(|line| line.start(columns)).collect();
        self.write(&frame, true)
    }

    /// Draws what is to stay, whole, and gives the cursor back below it.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn leave(&mut self, lines: &[Line]) -> io::Result<()> {
        self.write(lines, false)?;
        self.restore();
        Ok(())
    }

    /// A line was printed below the block, which the next frame is to cover too.
    pub fn cover_line(&mut self) {
        self.drawn += 1;
    }

    /// What comes next starts a block of its own.
    pub fn start_anew(&mut self) {
        self.drawn = 0;
        self.at_top = false;
    }

    fn write(&mut self, lines: &[Line], hide: bool) -> io::Result<()> {
        let mut frame = Vec::new();
        queue!(frame, BeginSynchronizedUpdate)?;
        if hide {
            queue!(frame, Hide)?;
        }
        self.queue_start(&mut frame)?;
        for line in lines {
            frame.extend_from_slice(line.render(self.colour).as_bytes());
            queue!(frame, Clear(ClearType::UntilNewLine))?;
            frame.push(b'\n');
        }
        queue!(
            frame,
            Clear(ClearType::FromCursorDown),
            EndSynchronizedUpdate
        )?;
        self.drawn = lines.len();
        self.out.write_all(&frame)?;
        self.out.flush()
    }

    /// Goes to where the block starts. Where a terminal of another size has put its
    /// lines, nobody knows: it moves to the top of the screen then. What stands there is
    /// cleared once, so that terminals keep it to be scrolled back to, but not a copy for
    /// each size.
    fn queue_start(&mut self, frame: &mut Vec<u8>) -> io::Result<()> {
        let now = screen();
        let is_resized = now != mem::replace(&mut self.size, now);
        match self.drawn {
            0 => Ok(()),
            _ if is_resized => {
                if !mem::replace(&mut self.at_top, true) {
                    queue!(frame, Clear(ClearType::All))?;
                }
                queue!(frame, MoveTo(0, 0))
            }
            above => {
                let above = u16::try_from(above).unwrap_or(u16::MAX);
                queue!(frame, MoveToPreviousLine(above))
            }
        }
    }

    /// Gives cursor and echo back until the next frame.
    pub fn restore(&mut self) {
        if mem::take(&mut self.is_hidden) {
            // On the way out nobody is left to read it.
            let _ = crossterm::execute!(self.out, Show);
        }
        if let Some(termios) = self.echo.take() {
            let _ = tcsetattr(stdin(), OptionalActions::Flush, &termios);
        }
        if !self.suspension.is_asked() {
            self.suspension.is_looked_after(false);
        }
    }
}

impl<W: Write> Drop for Live<W> {
    fn drop(&mut self) {
        self.restore();
    }
}

/// Columns and rows; a terminal that says 0 does not know.
fn screen() -> (u16, u16) {
    let known = size()
        .ok()
        .filter(|(columns, rows)| *columns > 0 && *rows > 0);
    known.unwrap_or((80, 24))
}

/// A key typed while the chart grows would tear it: echo is off until the end. Gives back
/// what to restore.
fn stop_echo() -> Option<Termios> {
    if !stdin().is_terminal() {
        return None;
    }
    let before = tcgetattr(stdin()).ok()?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(stdin(), OptionalActions::Now, &silent).ok()?;
    Some(before)
}
