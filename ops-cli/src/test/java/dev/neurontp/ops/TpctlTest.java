package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.console.Terminal;
import dev.neurontp.worker.os.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TpctlTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesTheExitCodes() {
        CommandResult ran = CommandResult.tpctl("--help");
        assertThat(ran.code()).isEqualTo(ExitCode.OK);
        assertThat(ran.out()).contains("Exit codes: 0 success", "demo");
    }

    /** To describe all of them takes time at each start. */
    @Test
    void theCommandThatIsMeantIsMadeAlone() {
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false, false);
        assertThat(named(terminal, "ls", "--all")).containsOnlyKeys("ls");
        assertThat(named(terminal, "bench")).containsOnlyKeys("bench");
        for (String word : List.of("", "--help", "nosuch", "man", "completion", "help")) {
            assertThat(named(terminal, word)).containsKeys("demo", "ls", "bench", "man");
        }
    }

    @Test
    void theVersionAloneNeedsNoCommand() {
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false, false);
        assertThat(named(terminal, "--version")).isEmpty();
        assertThat(named(terminal, "-V")).isEmpty();
        assertThat(named(terminal, "--version", "ls")).containsKeys("demo", "ls");
        assertThat(CommandResult.tpctl("--version").out()).startsWith("tpctl ");
    }

    /** The help of each has the option. */
    @Test
    void everyCommandPrintsTheVersion() {
        for (String command : List.of("ls", "conformance run", "bench ping", "validate diff", "version", "up")) {
            String[] words = (command + " -V").split(" ", -1);
            assertThat(CommandResult.tpctl(words).out()).as(command).startsWith("tpctl ");
        }
    }

    /** A worker's option may be one, and what is judged must be what was given. */
    @Test
    void aWordThatBeginsWithAnAtSignIsNoFile() {
        CommandResult ran = CommandResult.tpctl("wait", "--for", "ready", "@/etc/hostname");
        assertThat(ran.err()).doesNotContain("Unmatched", "expected");
        CommandResult word = CommandResult.tpctl("@/etc/passwd");
        assertThat(word.code()).isEqualTo(ExitCode.USAGE);
        assertThat(word.err()).contains("'@/etc/passwd'");
    }

    private static Map<String, Object> named(Terminal terminal, String... words) {
        return Commands.named(terminal, CommandResult.NO_DAEMONS, CommandResult.NO_HISTORY, words);
    }

    @Test
    void noColoursIntoAPipeNorWithNoColor() {
        String colour = terminal(true, Map.of("TERM", "xterm")).green("ok");

        assertThat(colour).isEqualTo("\u001b[32mok\u001b[0m");
        assertThat(terminal(true, Map.of("TERM", "xterm", "NO_COLOR", "1")).green("ok"))
                .isEqualTo("ok");
        assertThat(terminal(true, Map.of("TERM", "dumb")).green("ok")).isEqualTo("ok");
        assertThat(terminal(false, Map.of("TERM", "xterm")).green("ok")).isEqualTo("ok");
    }

    private Terminal terminal(boolean tty, Map<String, String> environment) {
        System.setProperty("tpctl.stdout.terminal", String.valueOf(tty));
        try {
            return Terminal.ofProcess(new PrintWriter(out), new PrintWriter(err), environment);
        } finally {
            System.clearProperty("tpctl.stdout.terminal");
        }
    }
}
