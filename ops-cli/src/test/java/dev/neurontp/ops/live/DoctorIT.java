package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packaged tpctl against the stand-in for the driver's libraries, as a person starts it. */
@Tag("long")
class DoctorIT {
    private static final Path SIM = Path.of("target/sim").toAbsolutePath();

    @BeforeEach
    void requireTheStandIn() {
        assumeTrue(Files.exists(SIM.resolve("libnvidia-ml.so.1")), "SKIPPED: there is no stand-in: it needs gcc");
    }

    private static Map<String, String> simulated(String... more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "NEURON_NVML_LIBRARY", SIM.resolve("libnvidia-ml.so.1").toString(),
                "NEURON_CUDA_LIBRARY", SIM.resolve("libcuda.so.1").toString(),
                "NEURON_NCCL_LIBRARY", SIM.resolve("libnccl.so.2").toString()));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    @Test
    void aStandInIsNeverTakenForHardware() throws Exception {
        try (ProgramProcess doctor =
                ProgramProcess.tpctl(simulated("NEURONTP_SIM_NVML", "mig@2"), "doctor", "--skip", "ram,cgroup")) {
            assertThat(doctor.exitCode()).as(doctor.stderr()).isEqualTo(ExitCode.FAILED);
            assertThat(doctor.stdout()).first().asString().startsWith("SIMULATED");
            assertThat(doctor.stdout()).last().asString().startsWith("SIMULATED");
            assertThat(String.join("\n", doctor.stdout()))
                    .contains("FAIL     D25 mig", "GPU 2", "8 in NVML, 8 visible to CUDA", "NCCL 2.")
                    .contains("doctor: 1 FAIL, 0 HUNG");
        }
    }

    /** As a cron job or a unit starts it: no HOME, no locale, no terminal. */
    @Test
    void itNeedsNoHomeAndNoLocale() throws Exception {
        List<String> command =
                List.of("env", "-u", "HOME", "LC_ALL=C", Programs.tpctl(), "doctor", "--only", "nofile,gpus,visible");
        try (ProgramProcess doctor =
                ProgramProcess.command(simulated(), command).closeStdin()) {
            assertThat(doctor.exitCode()).as(doctor.stderr()).isEqualTo(ExitCode.OK);
            assertThat(doctor.stdout()).anyMatch(line -> line.contains("D23 visible"));
            assertThat(doctor.stderr()).isEmpty();
        }
    }

    @Test
    void aDriverThatHangsIsTheFindingAndNothingIsLeft() throws Exception {
        Map<String, String> hang = simulated("NEURONTP_SIM_NVML", "init=hang");
        try (ProgramProcess doctor = ProgramProcess.tpctl(hang, "doctor", "--only", "gpus,mig,nofile")) {
            assertThat(doctor.exitCode()).as(doctor.stderr()).isEqualTo(ExitCode.FAILED);
            String out = String.join(" ", doctor.stdout()).replaceAll("\\s+", " ");
            assertThat(out)
                    .contains(
                            "HUNG D00 gpus",
                            "while asked for nvmlInit",
                            "it was killed",
                            "SKIPPED D25 mig",
                            "D35 nofile")
                    .contains("SIMULATED");
            Matcher pid = Pattern.compile("pid (\\d+) did not end").matcher(out);
            assertThat(pid.find()).isTrue();
            assertThat(ProcessHandle.of(Long.parseLong(pid.group(1)))).isEmpty();
        }
    }

    @Test
    void anArchiveThatCannotBeWrittenNamesItsFolder() throws Exception {
        try (ProgramProcess doctor =
                ProgramProcess.tpctl(Map.of(), "doctor", "--only", "nofile", "--bundle", "/proc/b.tgz")) {
            assertThat(doctor.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(doctor.stderr())
                    .contains("/proc/b.tgz cannot be written: no file can be created in /proc")
                    .doesNotContain(".new");
        }
    }

    /** The GPU behind the one that hangs has an ECC error: nobody may call it right. */
    @Test
    void aHangIsTheFindingWhateverRowsAreAskedFor() throws Exception {
        Map<String, String> hang = simulated("NEURONTP_SIM_NVML", "hang@0,ecc@5=4");
        try (ProgramProcess doctor = ProgramProcess.tpctl(hang, "doctor", "--only", "ecc")) {
            assertThat(doctor.exitCode()).as(doctor.stderr()).isEqualTo(ExitCode.FAILED);
            assertThat(String.join(" ", doctor.stdout()).replaceAll("\\s+", " "))
                    .contains("HUNG D00 gpus", "SKIPPED D31 ecc");
        }
    }
}
