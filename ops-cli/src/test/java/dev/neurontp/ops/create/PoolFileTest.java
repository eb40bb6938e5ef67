package dev.neurontp.ops.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pool file says, and where it is wrong. */
class PoolFileTest {
    private static PoolRequest read(String toml) {
        return PoolFile.read("-", stream(toml));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFileSaysAllThatARequestCan() {
        assertThat(read("""
                name = "llama"
                world_size = 2
                devices = [0, 3]
                share_devices = true
                restart = "on-failure"
                communicator = "loopback"
                command = ["ssh", "node-2", "neuron"]

                [labels]
                team = "search"
                "example.org/tier" = ""

                [deadlines]
                init = "3m"
                """))
                .isEqualTo(new PoolRequest(
                        Optional.of("llama"),
                        Map.of("team", "search", "example.org/tier", ""),
                        2,
                        Optional.of(List.of(0L, 3L)),
                        Optional.of(true),
                        Optional.of("on-failure"),
                        Optional.of("loopback"),
                        Optional.of(List.of("ssh", "node-2", "neuron")),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of("init", "3m")));
    }

    @Test
    void theFileOfTheGuideIsOne() throws IOException {
        String guide = Files.readString(Programs.root().resolve("docs/operating.md"));
        String example = guide.split("```toml\n", 2)[1].split("```", 2)[0];
        PoolRequest pool = read(example);
        assertThat(pool.name()).contains("llama");
        assertThat(pool.deadlines()).containsEntry("init", "3m");
        assertThat(read(example.replace("# command", "command").replaceAll("\\s+one of the.*", ""))
                        .command())
                .isPresent();
    }

    @Tag("long")
    @Test
    void aFifoThatNobodyWritesToIsToldInTime(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("pool.toml");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> PoolFile.read(fifo.toString(), InputStream.nullInputStream()))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(fifo + " cannot be read: nothing has come from it within 30 s");
    }

    @Test
    void everythingThatIsWrongIsToldWithItsPlace() {
        assertThatThrownBy(() -> read("""
                name = "Llama"
                world_size = 0
                devices = "all"
                  comunicator = "loopback"
                [deadlines]
                ping = "soon"
                """)).isInstanceOfSatisfying(CommandException.class, e -> {
            assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(e.getMessage().lines())
                    .hasSize(5)
                    .anyMatch(line -> line.startsWith("stdin line 1, column 1: name is 'Llama': it must be"))
                    .anyMatch(line -> line.equals(
                            "stdin line 2, column 1: world_size is 0: it must be a whole number from 1 to 1024"))
                    .anyMatch(line -> line.startsWith("stdin line 3, column 1: devices is 'all': it must be a list"))
                    .anyMatch(line -> line.startsWith(
                            "stdin line 4, column 3: there is no key 'comunicator' here. Did you mean 'communicator'?"))
                    .anyMatch(line -> line.startsWith("stdin line 6, column 1: deadlines.ping is 'soon': it must be"));
        });
    }

    @Test
    void aKeyWithATypingErrorIsToldBeforeWhatIsMissingForIt() {
        assertThatThrownBy(() -> read("""
                name = "llama"
                hosts = ["gpu-1:0-3"]
                launchr = "ssh"
                """))
                .isInstanceOfSatisfying(
                        CommandException.class,
                        e -> assertThat(e.getMessage().lines().toList().getFirst())
                                .startsWith(
                                        "stdin line 3, column 1: there is no key 'launchr' here. Did you mean 'launcher'?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "world_size = 2;stdin: name is missing",
                "name = \"a\";stdin: world_size is missing",
                "name = \"a\"\\nworld_size = 2\\ndevices = [0];stdin line 3, column 1: devices names 1 and world_size is 2",
                "name = \"a\"\\nworld_size = 2\\ncommand = [];command is []: it must be a list of strings, at least one",
                "name = \"a\"\\nworld_size = 2\\ncommunicator = \"mpi\";communicator is 'mpi': it must be nccl or loopback",
                "name = \"a\"\\nworld_size = 2\\nlabels = 1;labels is 1: it must be a table",
                "name = \"a\"\\nworld_size = 2\\n[labels]\\na.b = \"c\";stdin line 4, column 1: labels.a is a table: it must be a string",
                "name = \"a\"\\nworld_size = 2\\n[labels]\\n\"a b\" = \"c\";stdin line 3, column 1: a label's key is 'a b'",
                "name = ?;stdin line 1, column 8: not TOML",
                "name = \"a\"\\nname = \"b\";stdin line 2, column 1: not TOML: name previously defined"
            })
    void oneFaultOneLine(String toml, String words) {
        assertThatThrownBy(() -> read(toml.replace("\\n", "\n")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(words);
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path folder) throws IOException {
        Path none = folder.resolve("none.toml");
        assertThatThrownBy(() -> PoolFile.read(none.toString(), stream("")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(none + " cannot be read");
        Path large = Files.writeString(folder.resolve("large.toml"), "#".repeat(70_000));
        assertThatThrownBy(() -> PoolFile.read(large.toString(), stream("")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("at most 65536 are read");
    }

    @Test
    void bytesThatAreNoTextAreSaidToBeNone() {
        InputStream latin1 = new ByteArrayInputStream("name = \"\u00fc\"".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> PoolFile.read("-", latin1))
                .hasMessageContaining("stdin cannot be read: it is no text in UTF-8");
    }

    @Test
    void theNodesOfASlurmJobAreHostsOnlyInsideOfOne() {
        assertThatThrownBy(() -> read("name = \"llama\"\n  hosts = [\"slurm\"]\n"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("stdin line 2, column 3: hosts are those of a Slurm job")
                .hasMessageNotContaining("world_size is missing")
                .hasMessageNotContaining("go together");
    }
}
