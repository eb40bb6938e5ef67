package dev.neurontp.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.mutant.TestOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is printed of a worker, and of a file of known failures, that say what terminals and CI systems obey. */
final class TerminalReportTest {

    private static final String WORKER = """
            case $* in *--version*) echo "##teamcity[buildStatus text='ok']"; exit 0 ;; esac
            echo '##vso[task.complete result=Succeeded]' >&2
            echo '  ::error::forged' >&2
            while read -r line; do
                case $line in
                *ping*) echo '{"op":"pong","rank":1,"world_size":3,"cuda_device":0}' ;;
                *shutdown*) echo '{"op":"bye"}'; exit 0 ;;
                *) echo '{"op":"error","kind":"##vso[task.setvariable variable=x]y","message":"m"}' ;;
                esac
            done
            """;

    private static final Pattern COLOURS = Pattern.compile("\u001b\\[(3[123];1|0)m");

    @TempDir
    private static Path folder;

    private static RunReport report;

    @BeforeAll
    static void run() throws Exception {
        Path known = Files.writeString(folder.resolve("known"), """
                F11 F11.in-the-middle \u001b[2J##vso[task.complete]
                flaky F11 F11.at-the-start \u001b]0;title\u0007 ##[error]
                """);
        report = new ConformanceRun(
                        TestOptions.like(RunOptions.of(List.of("/bin/sh", "-c", WORKER, "worker"), 1))
                                .only("F11")
                                .knownFailures(known)
                                .options(),
                        Listener.NONE)
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatIsPrintedIsObeyed(TerminalReport.Detail detail) {
        for (boolean colour : List.of(false, true)) {
            StringWriter text = new StringWriter();
            new TerminalReport(new PrintWriter(text), colour, detail).print(report);
            String printed = colour ? COLOURS.matcher(text.toString()).replaceAll("") : text.toString();
            assertThat(printed)
                    .contains("STALE  F11 F11.in-the-middle <U+001B>[2J#<U+0023>vso[task.complete]")
                    .contains(
                            "stage 7a-i (the worker does not say: nccl_sanity_check got an error of kind #<U+0023>vso[")
                    .doesNotContain("##vso[", "##[", "##teamcity[", "\u001b", "\u0007");
            assertThat(printed.lines()).noneMatch(line -> line.stripLeading().startsWith("::"));
        }
    }

    @Test
    void whatIsNotJudgedIsToldInTheSameWay() {
        StringWriter text = new StringWriter();
        RunReport dead = new ConformanceRun(
                        RunOptions.of(List.of("/bin/sh", "-c", "echo '##teamcity[x]' >&2; exit 7", "##vso[x]"), 1),
                        Listener.NONE)
                .run();
        new TerminalReport(new PrintWriter(text), false, TerminalReport.Detail.NORMAL).print(dead);
        assertThat(text.toString())
                .contains("NOT JUDGED", "#<U+0023>teamcity[x]", "#<U+0023>vso[x]")
                .doesNotContain("##");
    }
}
