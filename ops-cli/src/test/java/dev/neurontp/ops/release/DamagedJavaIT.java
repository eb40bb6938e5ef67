package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A JDK in JAVA_HOME of which a part is gone: Java would say so with the exit code of what has found a fault. */
class DamagedJavaIT {
    @TempDir
    private Path folder;

    /** A link to each file of the JDK that runs this test, but a copy of its program, without one of them. */
    private Path without(String missing) throws IOException {
        Path whole = Path.of(System.getProperty("java.home"));
        Path damaged = folder.resolve("jdk");
        for (String file : List.of("release", "conf", "lib")) {
            link(whole, damaged, file, missing);
        }
        Files.createDirectory(damaged.resolve("bin"));
        Files.copy(whole.resolve("bin/java"), damaged.resolve("bin/java"), StandardCopyOption.COPY_ATTRIBUTES);
        return damaged;
    }

    private static void link(Path whole, Path damaged, String file, String missing) throws IOException {
        if (file.equals(missing)) {
            return;
        }
        Path there = damaged.resolve(file);
        Files.createDirectories(there.getParent());
        if (!missing.startsWith(file + "/")) {
            Files.createSymbolicLink(there, whole.resolve(file));
            return;
        }
        try (var files = Files.list(whole.resolve(file))) {
            for (Path one : files.toList()) {
                link(whole, damaged, file + "/" + one.getFileName(), missing);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tpctl, --version, lib/modules",
        "tpctl, --version, lib/server/libjvm.so",
        "neuron, --worker, lib/modules",
        "neuron, --worker, lib/server/libjvm.so",
        "neuron, --agent, lib/libjli.so",
        "neuron, --help, conf/security/java.security"
    })
    void itIsNamedWithWhatIsMissing(String program, String option, String missing) throws Exception {
        Path damaged = without(missing);
        BareProgram result = BareProgram.run(
                Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", damaged.toString()),
                List.of(Programs.root().resolve("bin").resolve(program).toString(), option));
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith(program + ": " + damaged + "/" + missing + " is missing or empty")
                .contains("JAVA_HOME (" + damaged + ")", "Install that JDK again");
    }

    /** Java finds its files from there: it starts. */
    @Test
    void aLinkToTheProgramOfAWholeOneIsNoDamage() throws Exception {
        Path damaged = without("lib/modules");
        Files.delete(damaged.resolve("bin/java"));
        Files.createSymbolicLink(damaged.resolve("bin/java"), Path.of(System.getProperty("java.home"), "bin/java"));
        BareProgram result = BareProgram.run(
                Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", damaged.toString()),
                List.of(Programs.root().resolve("bin/tpctl").toString(), "--version"));
        assertThat(result.code()).as(result.err()).isZero();
    }

    /** As a disk that was full leaves it. */
    @ParameterizedTest
    @CsvSource({"tpctl", "neuron"})
    void anEmptyFileIsAMissingOne(String program) throws Exception {
        Path damaged = without("lib/modules");
        Files.createFile(
                damaged.resolve("lib/modules"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        BareProgram result = BareProgram.run(
                Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", damaged.toString()),
                List.of(Programs.root().resolve("bin").resolve(program).toString(), "--help"));
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(damaged + "/lib/modules is missing or empty");
    }
}
