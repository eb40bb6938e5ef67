package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shells themselves offer with the completion that tpctl prints. */
class CompletionTest {
    /** What stands at the cursor, and what is offered: exactly that, or among others. */
    private static final String CASES = """
            tpctl pi                     | ping
            tpctl stat                   | status
            tpctl ls -o ''               | table wide json yaml name
            tpctl ping -o ''             | table json
            tpctl wait --for ''          | ready joined gone
            tpctl wait --for=r           | ready
            tpctl status ''              | k3vd7q2m m2xxxxxx
            tpctl status k               | k3vd7q2m
            tpctl kill -y ''             | k3vd7q2m m2xxxxxx
            tpctl top --interval ''      |
            tpctl version ''             |
            tpctl bench ''               | daemon ping worker
            tpctl bench pi               | ping
            tpctl bench ping --wa        | --warmup
            tpctl shutdown --a           | --all
            tpctl help stat              | status
            tpctl completion ''          | bash zsh fish
            tpctl ls --token-file ./to   | ./token
            tpctl apply -f ./to          | ./token
            tpctl up --pool-file ./to    | ./token
            tpctl validate ''            | diff k3vd7q2m m2xxxxxx
            tpctl conformance run -- ./to | ./token
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void aFileAndTwoPools() throws IOException {
        Files.createFile(folder.resolve("token"));
        Path program = folder.resolve("tpctl");
        Files.writeString(program, """
                #!/bin/sh
                case " $* " in
                *" --quiet "*) printf 'k3vd7q2m\\nm2xxxxxx\\n' ;;
                *) printf 'k3vd7q2m  joined  2  loopback\\nm2xxxxxx  failed  2  loopback  rank 1: died\\n' ;;
                esac
                """);
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private List<String> run(String shell, String script, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(shell));
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        List<String> said = process.inputReader().lines().toList();
        assertThat(process.waitFor()).as(said.toString()).isZero();
        return said;
    }

    private static void needs(String shell) {
        assumeTrue(
                Programs.onPath(shell).isPresent(),
                "SKIPPED: there is no " + shell + " here (apt-get install " + shell + ")");
    }

    private static List<String> words(String offered) {
        return offered == null ? List.of() : List.of(offered.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = CASES)
    void bash(String line, String offered) throws IOException, InterruptedException {
        // As readline does it: an equals sign parts words.
        List<String> words = List.of(line.replace("''", "").replace("=", " = ").split(" ", -1));
        assertThat(run(
                        "bash",
                        CommandResult.tpctl("completion", "bash").out()
                                + """
                compopt() { :; }
                complete -p tpctl | grep -v default >/dev/null || exit 1
                COMP_WORDS=(%s) COMP_CWORD=%d
                _complete_tpctl
                for word in "${COMPREPLY[@]}"; do printf '%%s\n' "$word"; done
                """.formatted("'" + String.join("' '", words) + "'", words.size() - 1)))
                .containsExactlyInAnyOrderElementsOf(words(offered));
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = CASES)
    void fish(String line, String offered) throws IOException, InterruptedException {
        needs("fish");
        List<String> said = run(
                "fish",
                CommandResult.tpctl("completion", "fish").out() + "complete -C \"" + line.replace("''", "") + "\"\n",
                "--no-config");
        assertThat(said.stream().map(word -> word.replaceFirst("\t.*", "").replaceFirst("^--for=", "")))
                .containsExactlyInAnyOrderElementsOf(words(offered));
    }

    /** In place of the functions of its completion system some that print what they are given. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = CASES)
    void zsh(String line, String offered) throws IOException, InterruptedException {
        needs("zsh");
        List<String> words = List.of(line.replace("''", "").split(" ", -1));
        List<String> said = run(
                "zsh",
                "compdef() { :; }\n" + CommandResult.tpctl("completion", "zsh").out()
                        + """
                compadd() { shift; print -l -- $@; }
                compset() { PREFIX=${PREFIX#*=}; }
                _describe() { print -l -- ${${(P)@[-1]}%%%%:*}; }
                _files() { print -l -- $PREFIX*(N); }
                _message() { :; }
                words=(%s) CURRENT=%d PREFIX='%s'
                _tpctl
                """.formatted("'" + String.join("' '", words) + "'", words.size(), words.getLast()),
                "-f");
        String typed = words.getLast().replaceFirst("^--for=", "");
        assertThat(said.stream().filter(word -> word.startsWith(typed)))
                .containsExactlyInAnyOrderElementsOf(words(offered));
    }

    /** What answers may be no daemon of ours, and bash expands a list of words that it is given. */
    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void anIdThatIsMoreThanAWordRunsNothingAndIsNotOffered(String shell) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("ids"), """
                $(touch${IFS}ran)
                `touch${IFS}ran`
                k';touch${IFS}ran;'
                k;touch${IFS}ran
                k$((touch[$(touch${IFS}ran)]))
                --all
                -y
                ~root
                k*
                ../k
                k=k
                k3vd7q2m
                """);
        Files.writeString(folder.resolve("tpctl"), """
                #!/bin/sh
                case " $* " in
                *" --quiet "*) cat ids ;;
                *) sed 's/$/  joined  2  loopback  $(touch ran)/' ids ;;
                esac
                """);
        for (String line : List.of("tpctl kill ''", "tpctl status k")) {
            switch (shell) {
                case "bash" -> bash(line, "k3vd7q2m");
                case "fish" -> fish(line, "k3vd7q2m");
                default -> zsh(line, "k3vd7q2m");
            }
        }
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @Test
    void fishDescribesPoolsAndOptions() throws IOException, InterruptedException {
        needs("fish");
        String script = CommandResult.tpctl("completion", "fish").out();
        assertThat(run("fish", script + "complete -C \"tpctl status m\"\n", "--no-config"))
                .containsExactly("m2xxxxxx\tfailed  2  loopback  rank 1: died");
        assertThat(run("fish", script + "complete -C \"tpctl ls --wat\"\n", "--no-config"))
                .containsExactly("--watch\tStay, and show what changes; looks once a second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void eachScriptIsOneThatItsShellCanRead(String shell) throws IOException, InterruptedException {
        needs(shell);
        assertThat(run(shell, CommandResult.tpctl("completion", shell).out(), "-n"))
                .isEmpty();
    }

    @Test
    void anotherShellIsRefused() {
        CommandResult ran = CommandResult.tpctl("completion", "tcsh");
        assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("'tcsh' is no shell that this knows: it must be bash, zsh or fish");
    }

    @Test
    void everyFormatThatIsOfferedIsTaken() {
        for (String format : List.of("table", "wide", "json", "yaml", "name")) {
            assertThat(CommandResult.tpctl("ls", "-o", format, "--host", "http://127.0.0.1:1")
                            .code())
                    .as(format)
                    .isEqualTo(ExitCode.COULD_NOT_RUN);
        }
    }
}
