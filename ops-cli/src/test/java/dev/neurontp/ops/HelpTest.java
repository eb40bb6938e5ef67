package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.NeuronMain;
import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {
    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandDocumentsItsExitCodesAndHasAPage(String command) {
        CommandResult help = CommandResult.tpctl(command, "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: tpctl " + command, "Exit codes: 0 success");
        CommandResult page = CommandResult.tpctl("man", command);
        assertThat(page.code()).isZero();
        assertThat(page.out())
                .startsWith(".TH TPCTL\\-" + command.toUpperCase(Locale.ROOT))
                .contains(
                        ".SH OPTIONS",
                        ".SH EXIT STATUS",
                        ".SH ENVIRONMENT",
                        ".SH FILES",
                        ".SH EXAMPLES",
                        ".SH SEE ALSO\ntpctl(1)")
                .doesNotContain("${");
    }

    @Test
    void everyExampleOfThePagesIsACommandLineThatIsUnderstood() throws IOException {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        CommandLine tpctl = Tpctl.commandLine(
                new Terminal(nowhere, nowhere, false, false), RuntimeFolders.of(Map.of()), StateFolders.of(Map.of()));
        List<String> lines = new BufferedReader(new InputStreamReader(
                        Tpctl.class.getResourceAsStream("help/examples.txt"), StandardCharsets.UTF_8))
                .lines()
                .filter(line -> line.startsWith("tpctl ") || line.startsWith("neuron"))
                .toList();
        assertThat(lines).hasSizeGreaterThan(40);
        for (String line : lines) {
            List<String> words = List.of(line.split(" "));
            CommandLine program = words.getFirst().equals("tpctl") ? tpctl : NeuronMain.described();
            assertThatCode(() -> program.parseArgs(words.stream().skip(1).toArray(String[]::new)))
                    .as(line)
                    .doesNotThrowAnyException();
        }
    }

    /** Of every page: what a reader would type is a command line that is understood, options that may be left out included. */
    @Test
    void everyCommandOfTheDocumentsIsACommandLineThatIsUnderstood() throws IOException {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        CommandLine tpctl = Tpctl.commandLine(
                new Terminal(nowhere, nowhere, false, false), RuntimeFolders.of(Map.of()), StateFolders.of(Map.of()));
        List<String> refused = new ArrayList<>();
        int understood = 0;
        for (Path page : documents()) {
            List<MatchResult> spans = Pattern.compile("(?<!`)`(?:bin/)?tpctl ([a-z][^`|<…]*)`(?!`)")
                    .matcher(Files.readString(page))
                    .results()
                    .toList();
            for (MatchResult span : spans) {
                String words =
                        span.group(1).replaceAll("[\\[\\]\"]|\\.\\.\\.", "").strip();
                try {
                    tpctl.parseArgs(words.split("\\s+"));
                    understood++;
                } catch (CommandLine.ParameterException e) {
                    refused.add(page.getFileName() + ": tpctl " + words + ": " + e.getMessage());
                }
            }
        }
        assertThat(refused).isEmpty();
        assertThat(understood).isGreaterThan(70);
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> pages = Files.list(Programs.root().resolve("docs"))) {
            return Stream.concat(pages, Stream.of(Programs.root().resolve("README.md")))
                    .filter(page -> page.toString().endsWith(".md"))
                    .toList();
        }
    }

    @Test
    void neuronHasAPageToo() {
        assertThat(CommandResult.tpctl("man", "neuron").out())
                .startsWith(".TH NEURON 1\n")
                .contains("NEURON_HTTP__PORT", ".SH EXAMPLES", "tpctl(1)");
        assertThat(CommandResult.tpctl("man", "bench", "ping").out())
                .startsWith(".TH TPCTL\\-BENCH\\-PING")
                .contains("SEE ALSO\ntpctl\\-bench(1), tpctl(1), neuron(1)\n");
    }

    @Test
    void thePagesOfAllCommandsCanBeWrittenIntoAFolder(@TempDir Path folder) throws IOException {
        Path pages = folder.resolve("man/man1");

        assertThat(CommandResult.tpctl("man", "--directory", pages.toString()).code())
                .isZero();

        assertThat(pages.resolve("tpctl-bench-ping.1"))
                .hasContent(CommandResult.tpctl("man", "bench", "ping").out());
        assertThat(pages.resolve("neuron.1"))
                .hasContent(CommandResult.tpctl("man", "neuron").out());
        try (Stream<Path> written = Files.list(pages)) {
            assertThat(written.map(page -> page.getFileName().toString()))
                    .contains("tpctl.1")
                    .containsAll(commands().map(name -> "tpctl-" + name + ".1").toList());
        }
    }

    @Test
    void aFolderForPagesThatCannotBeWrittenIsNamed(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        CommandResult result = CommandResult.tpctl("man", "--directory", file.toString());

        assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(result.err()).contains("--directory: " + file + " cannot be written");
    }

    @Test
    void allPagesOrOne() {
        CommandResult result = CommandResult.tpctl("man", "--directory", "pages", "ping");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("--directory takes no COMMAND");
    }

    /** man itself finds nothing wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"validate", "conformance run", "neuron", ""})
    void groffHasNothingToSayOfAPage(String command) throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/groff")),
                "SKIPPED: there is no groff here (apt-get install groff-base)");
        Process groff = new ProcessBuilder("groff", "-ww", "-man", "-Tutf8", "-z")
                .redirectErrorStream(true)
                .start();
        String page = CommandResult.tpctl(("man " + command).strip().split(" ")).out();
        try (var in = groff.getOutputStream()) {
            in.write(page.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(groff.inputReader().lines()).isEmpty();
        assertThat(groff.waitFor()).isZero();
    }

    static Stream<String> commands() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return Commands.named(
                new Terminal(nowhere, nowhere, false, false), RuntimeFolders.of(Map.of()), StateFolders.of(Map.of()))
                .keySet()
                .stream();
    }

    @Test
    void lsSaysThatPoolsOfTheOriginalCannotBeReached() {
        assertThat(CommandResult.tpctl("ls", "--help").out().replaceAll("\\s+", " "))
                .contains("Pools of the original Rust daemon cannot be reached from outside");
    }

    @Test
    void withoutACommandItPrintsTheHelp() {
        CommandResult ran = CommandResult.tpctl();
        assertThat(ran.code()).isEqualTo(ExitCode.OK);
        assertThat(ran.out())
                .isEqualTo(CommandResult.tpctl("--help").out())
                .isEqualTo(CommandResult.tpctl("help").out())
                .contains("ping", "Exit codes: 0 success");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void helpOfACommandIsItsOwnHelp() {
        assertThat(CommandResult.tpctl("help", "bench", "ping").out())
                .isEqualTo(CommandResult.tpctl("bench", "ping", "--help").out())
                .contains("Usage: tpctl bench ping");
        assertThat(CommandResult.tpctl("man", "bench", "ping").out()).startsWith(".TH TPCTL\\-BENCH\\-PING");
        CommandResult unknown = CommandResult.tpctl("help", "stauts");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("unknown command 'stauts' of tpctl. Did you mean 'status'?");
    }

    @Test
    void versionIsThatOfTheOption() {
        assertThat(CommandResult.tpctl("version").out())
                .isEqualTo(CommandResult.tpctl("--version").out())
                .startsWith("tpctl ");
    }
}
