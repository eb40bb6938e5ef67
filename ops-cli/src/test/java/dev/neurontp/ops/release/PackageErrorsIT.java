package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code bin/package} and a package say, in one line, on a host that is none for them. */
class PackageErrorsIT {
    private static final Path BIN = Programs.root().resolve("bin");
    private static final String PATH = "/usr/bin:/bin";

    /** Without any of these no JVM starts. */
    private static final List<String> JAVA_FILES = List.of(
            "bin/java",
            "conf/security/java.security",
            "lib/jspawnhelper",
            "lib/jvm.cfg",
            "lib/libjava.so",
            "lib/libjimage.so",
            "lib/libjli.so",
            "lib/libnet.so",
            "lib/libnio.so",
            "lib/libzip.so",
            "lib/modules",
            "lib/server/libjvm.so");

    @TempDir
    private Path folder;

    private static BareProgram makePackage(String path, String out) throws Exception {
        return BareProgram.run(
                Map.of("PATH", path, "JAVA_HOME", System.getProperty("java.home")),
                List.of(BIN.resolve("package").toString(), out));
    }

    /** On a host that has nothing of what making one or a check needs, so that no work is begun. */
    private BareProgram onABareHost(String program, String... arguments) throws Exception {
        Path few = Files.createDirectory(folder.resolve("few"));
        Files.createSymbolicLink(few.resolve("readlink"), Path.of("/usr/bin/readlink"));
        List<String> command = new ArrayList<>(List.of(BIN.resolve(program).toString()));
        command.addAll(List.of(arguments));
        return BareProgram.run(Map.of("PATH", few.toString(), "JAVA_HOME", folder.toString()), command);
    }

    @ParameterizedTest
    @CsvSource({"package, --help", "package, -h", "verify, --help", "verify, -h"})
    void helpIsUsageAndBeginsNoWork(String program, String option) throws Exception {
        BareProgram result = onABareHost(program, option);
        assertThat(result.out()).startsWith("Usage: bin/" + program + " [");
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void anArgumentThatBeginsLikeAnOptionIsNoFolder() throws Exception {
        saysInOneLine(
                onABareHost("package", "-o", "tar"),
                "package: -o is no option: bin/package --help says how it is called. A folder of that name is ./-o");
    }

    /** An unpacked package as far as the launchers get here. */
    private Path unpacked(String loader) throws IOException {
        return unpacked("unpacked", loader);
    }

    private Path unpacked(String name, String loader) throws IOException {
        Path root = folder.resolve(name);
        Files.createDirectories(root.resolve("bin"));
        Files.createDirectories(root.resolve("runtime"));
        Files.writeString(root.resolve("runtime/loader"), loader + "\n");
        for (String file : List.of("neuron", "tpctl", "common.sh")) {
            Files.copy(BIN.resolve(file), root.resolve("bin").resolve(file));
        }
        return root;
    }

    private static BareProgram help(Path root, String program) throws Exception {
        return BareProgram.run(
                Map.of("PATH", PATH),
                List.of(root.resolve("bin").resolve(program).toString(), "--help"));
    }

    private static void saysInOneLine(BareProgram result, String... words) {
        saysInOneLine(ExitCode.USAGE, result, words);
    }

    private static void saysInOneLine(int exitCode, BareProgram result, String... words) {
        assertThat(result.err().lines()).singleElement().asString().contains(words);
        assertThat(result.code()).isEqualTo(exitCode);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tpctl", "neuron"})
    void whereTheHostHasNoSuchGlibcThatIsSaid(String program) throws Exception {
        Path root = unpacked("/lib64/ld-linux-vax.so.2");
        BareProgram result = help(root, program);
        saysInOneLine(
                result,
                program + ": this host (" + System.getProperty("os.arch").replace("amd64", "x86_64") + ")",
                "has no /lib64/ld-linux-vax.so.2",
                "it needs a host of that architecture with glibc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tpctl", "neuron"})
    void aPackageThatWasNotUnpackedWholeIsNotBuiltButNamed(String program) throws Exception {
        Path root = unpacked("/");
        BareProgram result = help(root, program);
        saysInOneLine(result, root + "/", "the package was not unpacked whole. Unpack it again");
    }

    /** Java says of its own files what is missing, some of it on stdout, with an exit code that means something else. */
    @ParameterizedTest
    @CsvSource({"tpctl, ops-cli, lib/modules", "neuron, harness, lib/modules", "tpctl, ops-cli, lib/libjimage.so"})
    void aPackageThatLacksAFileOfItsJavaNamesIt(String program, String module, String missing) throws Exception {
        Path root = unpacked("/");
        Path lib = Files.createDirectories(root.resolve(module).resolve("target/app/lib"));
        Files.createFile(lib.resolve("neurontp-" + module + "-1.jar"));
        for (String file : JAVA_FILES) {
            Path there = root.resolve("runtime").resolve(file);
            Files.createDirectories(there.getParent());
            Files.writeString(there, file.equals("bin/java") ? "#!/bin/sh\necho started; exit 1\n" : "x");
            Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(help(root, program).err()).isEqualTo("started\n");

        // As a disk that was full leaves it.
        Files.writeString(root.resolve("runtime").resolve(missing), "");
        saysInOneLine(
                ExitCode.COULD_NOT_RUN,
                help(root, program),
                program + ": " + root + "/runtime/" + missing,
                "the package was not unpacked whole. Unpack it again");
    }

    /** As an archive leaves it that knows no modes, or a file system that is mounted with noexec. */
    @ParameterizedTest
    @ValueSource(strings = {"neuron --tp-smoke --tp-size 2 --communicator loopback", "tpctl demo"})
    void aProgramThatCannotBeExecutedIsNamed(String line) throws Exception {
        Path root = Files.createDirectories(folder.resolve("copy"));
        try (Stream<Path> all = Files.list(Programs.root())) {
            for (Path one : all.filter(file -> !file.equals(BIN)).toList()) {
                Files.createSymbolicLink(root.resolve(one.getFileName()), one);
            }
        }
        Path bin = Files.createDirectory(root.resolve("bin"));
        for (String file : List.of("neuron", "tpctl", "common.sh")) {
            Files.copy(BIN.resolve(file), bin.resolve(file));
        }
        Files.setPosixFilePermissions(bin.resolve("neuron"), PosixFilePermissions.fromString("rw-r--r--"));
        List<String> words = new ArrayList<>(List.of("sh"));
        words.addAll(List.of((bin + "/" + line).split(" ")));
        BareProgram result = BareProgram.run(Map.of("PATH", PATH, "JAVA_HOME", System.getProperty("java.home")), words);
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(result.err())
                .contains(bin + "/neuron cannot be executed: chmod +x")
                .doesNotContain("\tat ");
    }

    /** Java takes the colon for the end of a path, and says so on stdout. */
    @ParameterizedTest
    @ValueSource(strings = {"tpctl", "neuron"})
    void aPackageInAFolderWithAColonIsRefused(String program) throws Exception {
        BareProgram result = help(unpacked("a:b", "/"), program);
        saysInOneLine(result, program + ": the folder " + folder + "/a:b has a colon in its name", "Move it");
    }

    @Test
    void anArchitectureWithoutPackageIsNamed() throws Exception {
        Path uname = folder.resolve("uname");
        Files.writeString(uname, "#!/bin/sh\necho riscv64\n");
        Files.setPosixFilePermissions(uname, PosixFilePermissions.fromString("rwxr-xr-x"));
        saysInOneLine(
                makePackage(folder + ":" + PATH, folder.resolve("out").toString()),
                "package: there is no package for the architecture riscv64: x86_64 and aarch64 only");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        saysInOneLine(
                makePackage(PATH, file + "/out"),
                "package: the folder " + file + "/out cannot be written",
                "choose another");
    }

    @Test
    void aFolderWithAColonIsRefused() throws Exception {
        saysInOneLine(makePackage(PATH, folder + "/a:b"), "/a:b has a colon", "choose another folder");
        assertThat(folder.resolve("a:b")).doesNotExist();
    }
}
