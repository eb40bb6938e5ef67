package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code --dry-run} says of pools on other hosts, and that a shell takes its lines as they are. */
@Tag("long")
class DryRunIT {
    private static final List<String> POOL =
            List.of("--dry-run", "--hosts", "h1:0-1", "--launcher", "here", "--communicator", "loopback");

    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    /** What a shell would take apart. */
    private final String nasty = "it's $HOME; \\\"" + UUID.randomUUID() + "\\\" *";

    private Path config() throws IOException {
        return Files.writeString(
                site.folder().resolve("neuron.toml"),
                "[launchers.here]\npreset = \"exec\"\nstart = [\"env\", \"PLACE={host} {rank}\"]\nneuron = [\""
                        + Programs.neuron() + "\"]\nenv = [\"NASTY=" + nasty
                        + "\"]\nend = [\"sh\", \"-c\", 'echo \"$1\" >\"$2\"', "
                        + "\"end\", \"{name}\", \"" + site.folder().resolve("the end")
                        + "\"]\n[launchers.none]\npreset = \"exec\"\nstart = [\"/no/such/launcher\"]\n");
    }

    @Test
    void upPrintsEachCommandAndStartsNothing() throws Exception {
        CommandResult ran =
                site.tpctl(Programs.concat(List.of("up", "--config", config().toString()), POOL.toArray(String[]::new))
                        .toArray(String[]::new));
        assertThat(ran.code()).as(ran.all()).isZero();
        List<String> lines = ran.out().lines().toList();
        assertThat(lines.stream().filter(line -> line.startsWith("#")))
                .containsExactly(
                        "# rank 0 on h1",
                        "# end of rank 0 on h1",
                        "# rank 1 on h1",
                        "# end of rank 1 on h1",
                        "# comm_id on h1",
                        "# end of comm_id on h1");
        assertThat(lines).hasSize(12);
        assertThat(site.runtime()).doesNotExist();
        site.awaitNothingLeft();

        String value = "NASTY=" + nasty.replace("\\", "");
        try (ProgramProcess rank = ProgramProcess.command(Map.of(), List.of("sh", "-c", lines.get(5)))) {
            rank.send("0123456789abcdef".repeat(2));
            assertThat(rank.ask("{\"op\":\"ping\"}")).contains("\"op\":\"pong\"", "\"rank\":1", "\"world_size\":2");
            assertThat(Processes.with(value)).as("the agent and its worker").hasSizeGreaterThanOrEqualTo(2);
            rank.closeStdin();
            assertThat(rank.exitCode()).isZero();
        }
        assertThat(site.shell(lines.get(7)).code()).isZero();
        assertThat(Files.readString(site.folder().resolve("the end"))).isEqualTo("neuron-dry-run-1\n");
    }

    @Test
    void aDaemonSaysWhatItWouldStart() throws Exception {
        LiveDaemonFixture.Live daemon =
                site.neuron("--port", "0", "--config", config().toString()).awaiting("status=listening");
        CommandResult ran = create("--name", "llama");
        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.out().lines())
                .startsWith("pool/llama created (dry run)", "# rank 0 on h1")
                .anyMatch(line -> line.startsWith("env 'PLACE=h1 1' ") && line.contains("--rank 1 --tp-size 2"))
                .hasSize(13);
        Path file = Files.writeString(
                site.folder().resolve("pool.toml"),
                "name = \"llama\"\nworld_size = 1\ncommunicator = \"loopback\"\nlauncher = \"here\"\nhosts = [\"h1:3\"]\n");
        CommandResult applied = site.call("apply", "-f", file.toString(), "--dry-run");
        assertThat(applied.out().lines())
                .startsWith("pool/llama created (dry run)", "# rank 0 on h1")
                .anyMatch(line -> line.contains("--rank 0 --tp-size 1 --cuda-device 3"));
        assertThat(create("-o", "json").out()).contains("\"process\":\"comm_id\",\"host\":\"h1\",\"start\":[\"env\",");
        assertThat(site.call("create", "--dry-run", "-n", "1", "--communicator", "loopback"))
                .isEqualTo(new CommandResult(0, "pool created (dry run)\n", ""));
        assertThat(site.call("ls", "--all", "-q").out()).isEmpty();

        assertThat(site.call("create", "--communicator", "loopback", "-n", "1", "--name", "llama")
                        .code())
                .isZero();
        CommandResult taken = create("--name", "llama");
        assertThat(taken.code()).as(taken.all()).isEqualTo(3);
        assertThat(taken.err()).contains("the name 'llama' is taken by the live pool");
        assertThat(site.call("delete", "--all").code()).isZero();
        daemon.process().destroy();
        daemon.end();
        site.awaitNothingLeft();
    }

    private CommandResult dryRun(String config, String launcher) throws Exception {
        List<String> place = List.of("--hosts", "h1:0", "--launcher", launcher, "--communicator", "loopback");
        return site.tpctl(Programs.concat(List.of("up", "--dry-run", "--config", config), place.toArray(String[]::new))
                .toArray(String[]::new));
    }

    @Test
    void whatWouldBeRefusedIsRefused() throws Exception {
        String config = config().toString();
        CommandResult unknown = dryRun(config, "other");
        assertThat(unknown.code()).as(unknown.all()).isEqualTo(2);
        assertThat(unknown.err()).contains("the settings have no launcher 'other'");
        CommandResult known = dryRun(config, "ssh");
        assertThat(known.code())
                .as("a preset needs no settings: " + known.all())
                .isZero();
        assertThat(known.out()).contains("ssh -T").contains(" h1 ");
        CommandResult missing = dryRun(config, "none");
        assertThat(missing.code()).as(missing.all()).isEqualTo(2);
        assertThat(missing.err()).contains("'/no/such/launcher' does not exist");
        Path broken = Files.writeString(site.folder().resolve("broken.toml"), "[http]\nport = \"x\"\n");
        CommandResult settings = site.tpctl("up", "--dry-run", "--config", broken.toString());
        assertThat(settings.code()).as(settings.all()).isEqualTo(2);
        assertThat(settings.err()).contains("http.port");
        site.awaitNothingLeft();
    }

    @Test
    void aPoolFileSaysWhatThePoolIsAndNoOptionDoesThen() throws Exception {
        String config = config().toString();
        Path file = Files.writeString(
                site.folder().resolve("pool.toml"),
                "name = \"llama\"\nworld_size = 2\ncommunicator = \"loopback\"\nlauncher = \"here\"\nhosts = [\"h1:4-5\"]\n");
        CommandResult ran = site.tpctl("up", "--dry-run", "--config", config, "--pool-file", file.toString());
        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.out().lines())
                .startsWith("# rank 0 on h1")
                .anyMatch(line -> line.contains("--rank 1 --tp-size 2 --cuda-device 5"));
        CommandResult both = site.tpctl("up", "--dry-run", "--pool-file", file.toString(), "-n", "3");
        assertThat(both.code()).as(both.all()).isEqualTo(2);
        assertThat(both.err()).contains("--size does not go with --pool-file");
        CommandResult other = site.tpctl("up", "--dry-run", "--pool-file", file.toString());
        assertThat(other.code()).as(other.all()).isEqualTo(2);
        assertThat(other.err())
                .contains("tpctl up: the settings have no launcher 'here' (they have none): set launchers.here.preset")
                .doesNotContain("--launcher");
        Files.writeString(file, "name = \"llama\"\nworld_size = 0\n");
        CommandResult wrong = site.tpctl("up", "--pool-file", file.toString());
        assertThat(wrong.code()).as(wrong.all()).isEqualTo(2);
        assertThat(wrong.err()).contains("pool.toml line 2, column 1: world_size is 0");
        site.awaitNothingLeft();
    }

    @Test
    void theNodesOfASlurmJobAreRefusedOutsideOfOne() throws Exception {
        CommandResult refused = site.tpctl("up", "--hosts", "slurm");
        assertThat(refused.code()).as(refused.all()).isEqualTo(2);
        assertThat(refused.err()).contains("--hosts: hosts are those of a Slurm job", "inside salloc or sbatch");
    }

    private CommandResult create(String... more) throws InterruptedException {
        return site.call(Programs.concat(Programs.concat(List.of("create"), POOL.toArray(String[]::new)), more)
                .toArray(String[]::new));
    }
}
