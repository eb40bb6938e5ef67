package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.Json;
import dev.neurontp.ops.doctor.check.Row;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class DoctorCommandTest {
    private static final String QUICK = "nofile,ram,cgroup";

    @ParameterizedTest
    @EnumSource(Row.class)
    void everyRowIsExplainedAndInTheDocs(Row row) throws IOException {
        CommandResult ran = CommandResult.tpctl("doctor", "--explain", row.name());
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.OK);
        assertThat(ran.out()).contains(row.name() + "  " + row.title());
        assertThat(ran.out().lines().skip(1))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(line -> assertThat(line).matches(" {2}.{8} \\S.*").hasSizeLessThanOrEqualTo(80));
        assertThat(Files.readString(Programs.root().resolve("docs/doctor.md")))
                .contains("| " + row.name() + " | " + row.title() + " |");
    }

    @ParameterizedTest
    @CsvSource({
        "--size,0,1 to 1024",
        "--size,1025,1 to 1024",
        "--devices,-1,negative",
        "--only,D99,no row is called 'D99'",
        "--communicator,mpi,must be one of",
        "--explain,x,no row is called 'x'",
        "-o,xml,must be table or json",
        "--bundle,/,it must name a file",
        "--bundle,-,./- is one of that name"
    })
    void aWrongOptionIsUsageWithTheRule(String option, String value, String rule) {
        CommandResult ran = CommandResult.tpctl("doctor", option, value);
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains(rule);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void onlyTheseRowsArePrintedAndFitEightyColumns() {
        CommandResult ran = CommandResult.tpctl("doctor", "--only", QUICK, "--skip", "D37", "--size", "1");
        assertThat(ran.out()).contains("D35 nofile", "D53 ram", "doctor: ").doesNotContain("D37", "D11");
        assertThat(ran.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void theJsonHasEveryRowWithItsSource() {
        CommandResult ran = CommandResult.tpctl("doctor", "--json", "--only", QUICK);
        JsonNode all = Json.mapper().readTree(ran.out());
        assertThat(all.get("simulated").booleanValue()).isFalse();
        assertThat(all.get("rows")).hasSize(3).allSatisfy(row -> {
            assertThat(row.get("id").stringValue()).matches("D\\d\\d");
            assertThat(row.get("source").stringValue()).isNotBlank();
            assertThat(row.get("seen").stringValue()).isNotBlank();
        });
    }

    @Test
    void whenEveryRowIsSkippedNothingWasFoundOut() {
        CommandResult ran = CommandResult.tpctl("doctor", "--communicator", "loopback", "--only", "D05,D11,D27");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.out()).contains("SKIPPED", "the loopback communicator uses no GPU", "3 SKIPPED, 0 OK");
    }

    @Test
    void aBundleIsListedWrittenOnceAndReadByTar(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("out.tar.gz");
        String[] command = {"doctor", "--only", QUICK, "--bundle", file.toString()};
        CommandResult ran = CommandResult.tpctl(command);
        assertThat(ran.err()).containsSubsequence("will be:", "doctor.json, ", "environment.txt, ", "Written.");
        Process tar = new ProcessBuilder("tar", "-tzf", file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(tar.inputReader().lines()).contains("tpctl-doctor/doctor.json", "tpctl-doctor/versions.txt");
        assertThat(tar.waitFor()).isZero();
        byte[] before = Files.readAllBytes(file);

        CommandResult again = CommandResult.tpctl(command);
        assertThat(again.code()).isEqualTo(ExitCode.USAGE);
        assertThat(again.err()).contains("is there already", "--force");
        assertThat(file).hasBinaryContent(before);
        assertThat(folder.toFile().list()).containsExactly("out.tar.gz");
    }

    /** As root, --force put a file in the place of /dev/null for the whole host. */
    @Test
    void aBundleTakesTheNameOfNothingButAFile(@TempDir Path folder) throws IOException, InterruptedException {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Path link = Files.createSymbolicLink(folder.resolve("link"), fifo);
        for (Path taken : List.of(fifo, link)) {
            CommandResult ran = CommandResult.tpctl("doctor", "--only", QUICK, "--force", "--bundle", taken.toString());
            assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err()).contains("it must name a file");
        }
        assertThat(Files.readAttributes(fifo, BasicFileAttributes.class).isOther())
                .isTrue();
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }

    @Test
    void aBundleBehindALinkReplacesTheFileAndNotTheLink(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        CommandResult.tpctl("doctor", "--only", QUICK, "--force", "--bundle", link.toString());
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(Files.readAllBytes(file)).startsWith(0x1F, 0x8B);
    }

    @Test
    void aBundleThatCannotBeWrittenSaysSoAndLeavesNothing(@TempDir Path folder) {
        CommandResult ran = CommandResult.tpctl(
                "doctor",
                "--only",
                QUICK,
                "--bundle",
                folder.resolve("none/x.tar.gz").toString());
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("cannot be written");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aLinkToNothingHasTheNameAlready(@TempDir Path folder) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
        CommandResult ran = CommandResult.tpctl("doctor", "--only", QUICK, "--bundle", link.toString());
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("is there already");
    }

    @Test
    void itsNameIsAWordOfAShellAndNothingElse(@TempDir Path folder) {
        Path blank = folder.resolve("a b.tar.gz");
        assertThat(CommandResult.tpctl("doctor", "--only", QUICK, "--bundle", blank.toString())
                        .err())
                .contains("tar -xzOf '" + blank + "' | less");
        Path odd = folder.resolve("x\n\u001b[31m::error::.tar.gz");
        CommandResult ran = CommandResult.tpctl("doctor", "--only", QUICK, "--bundle", odd.toString());
        assertThat(odd).exists();
        assertThat(ran.err()).doesNotContain("\u001b").contains("Written.");
        assertThat(ran.err().lines()).noneMatch(line -> line.contains("::error::.tar.gz") && !line.contains("x"));
    }
}
