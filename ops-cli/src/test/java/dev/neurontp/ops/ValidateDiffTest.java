package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.validate.JsonReport;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidateDiffTest {
    @TempDir
    private Path folder;

    private String report(String name, String status) throws IOException {
        String cases = status == null ? "" : "{\"id\":\"correctness/all_reduce\",\"status\":\"" + status + "\"}";
        return Files.writeString(
                        folder.resolve(name), "{\"kind\":\"" + JsonReport.KIND + "\",\"cases\":[" + cases + "]}")
                .toString();
    }

    /** A tree of so many takes more memory than there is. */
    @Test
    void aReportOfTooManyValuesIsRefused() throws IOException {
        String many = Files.writeString(
                        folder.resolve("many.json"),
                        "{\"kind\":\"" + JsonReport.KIND + "\",\"cases\":[" + "[],".repeat(1_000_000) + "[]]}")
                .toString();
        for (String[] command : new String[][] {
            {"validate", "diff", many, many}, {"validate", "--communicator", "loopback", "--baseline", many}
        }) {
            CommandResult ran = CommandResult.tpctl(command);
            assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err())
                    .contains(many + " cannot be compared with: it cannot be read as JSON: ")
                    .contains("it has too many values: at most 2000000 are read, with names and brackets");
        }
    }

    /** An empty status is a case that was not run. */
    @ParameterizedTest
    @CsvSource({
        "PASS, PASS, 0",
        "PASS, WARN, 0",
        "FAIL, PASS, 0",
        "FAIL, FAIL, 0",
        "MEASURED, SKIPPED, 0",
        "MEASURED,, 0",
        ", PASS, 0",
        "SKIPPED, PASS, 0",
        "PASS, FAIL, 1",
        ", FAIL, 1",
        "PASS, SKIPPED, 1",
        "PASS (simulated), SKIPPED, 1",
        "PASS, MEASURED, 1",
        "WARN, SKIPPED, 1",
        "FAIL, SKIPPED, 1",
        "PASS,, 1",
        "FAIL,, 1"
    })
    void aRunThatFailsMoreOrJudgesLessIsWorse(String before, String after, int code) throws IOException {
        CommandResult ran = CommandResult.tpctl("validate", "diff", report("before", before), report("after", after));
        assertThat(ran.code()).as(ran.all()).isEqualTo(code);
        if (code == 1 && !"FAIL".equals(after)) {
            assertThat(ran.out()).contains("1 case that had a verdict has none in the later run");
        }
    }
}
