package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code packaging/make-deb}, {@code make-rpm} and {@code make-image} say, in one line, of what they cannot make anything of. */
class MakerErrorsIT {
    private static final Path PACKAGING = Programs.root().resolve("packaging");

    /** EX_UNAVAILABLE of sysexits.h, by which bin/package leaves a kind out. */
    private static final int UNAVAILABLE = 69;

    @TempDir
    private Path folder;

    private static BareProgram make(String kind, String path, String... arguments) throws Exception {
        return BareProgram.run(
                Map.of("PATH", path),
                Programs.concat(List.of(PACKAGING.resolve("make-" + kind).toString()), arguments));
    }

    private void refuses(String kind, String archive, String words, String... version) throws Exception {
        String[] arguments = Programs.concat(
                        List.of(archive, folder.resolve("out").toString()), version)
                .toArray(String[]::new);
        BareProgram result = make(kind, withTools(), arguments);
        assertThat(result.err().lines().filter(line -> line.startsWith("make-")))
                .singleElement()
                .asString()
                .startsWith("make-" + kind + ": ")
                .contains(words);
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(folder.resolve("out")).isEmptyDirectory();
    }

    /** The PATH, with a tool of each kind where the host has none: these messages come before any is started. */
    private String withTools() throws IOException {
        Path tools = folder.resolve("tools");
        if (!Files.exists(tools)) {
            Files.createDirectory(tools);
            for (String each : List.of("dpkg-deb", "rpmbuild", "dpkg-query")) {
                Files.createSymbolicLink(tools.resolve(each), Path.of("/bin/true"));
            }
        }
        return tools + ":/usr/bin:/bin";
    }

    private Path archiveOf(String name) throws Exception {
        Path top = Files.createDirectories(folder.resolve("in").resolve(name));
        Files.createFile(top.resolve("LICENSE"));
        Path archive = folder.resolve("made.tar.gz");
        ReleasePackages.run("tar", "-C", top.getParent().toString(), "-czf", archive.toString(), name);
        return archive;
    }

    @ParameterizedTest
    @ValueSource(strings = {"deb", "rpm", "image"})
    void withoutArgumentsTheyAreSaid(String kind) throws Exception {
        BareProgram result = make(kind, withTools());
        assertThat(result.err())
                .isEqualTo("make-%1$s: say the package and the folder: make-%1$s PACKAGE.tar.gz FOLDER [VERSION]\n"
                        .formatted(kind));
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deb", "rpm", "image"})
    void whatIsNotThereIsNamed(String kind) throws Exception {
        Files.createDirectory(folder.resolve("out"));
        refuses(
                kind,
                folder + "/none.tar.gz",
                folder + "/none.tar.gz cannot be read: it is the package that bin/package makes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deb", "rpm", "image"})
    void whatIsNoArchiveIsNamed(String kind) throws Exception {
        Path file = Files.writeString(folder.resolve("text.tar.gz"), "no archive");
        refuses(kind, file.toString(), file + " cannot be unpacked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deb", "rpm", "image"})
    void anArchiveOfSomethingElseIsNamed(String kind) throws Exception {
        Path archive = archiveOf("something-1.0");
        refuses(kind, archive.toString(), archive + " has something-1.0 and no folder neurontp-VERSION-linux-x64");
    }

    @ParameterizedTest
    @CsvSource({"deb,a b", "rpm,one", "image,1/2"})
    void aVersionThatIsNoneIsNamed(String kind, String version) throws Exception {
        Path archive = archiveOf("neurontp-0.1.0-linux-x64");
        refuses(kind, archive.toString(), "the version " + version + " is none: digits first", version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deb", "rpm", "image"})
    void aFolderThatCannotBeWrittenIsNamed(String kind) throws Exception {
        Path archive = archiveOf("neurontp-0.1.0-linux-x64");
        Path file = Files.createFile(folder.resolve("file"));
        BareProgram result = make(kind, withTools(), archive.toString(), file + "/out");
        assertThat(result.err())
                .isEqualTo("make-%s: the folder %s/out cannot be written: choose another one\n".formatted(kind, file));
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @CsvSource({"deb,dpkg-deb,dpkg", "rpm,rpmbuild,rpm", "image,dpkg-query,dpkg"})
    void aToolThatIsMissingIsNamedWithItsPackageAndAnExitCodeOfItsOwn(String kind, String tool, String debian)
            throws Exception {
        Path archive = archiveOf("neurontp-0.1.0-linux-x64");
        Path few = Files.createDirectory(folder.resolve("few"));
        Files.createSymbolicLink(few.resolve("readlink"), Path.of("/usr/bin/readlink"));
        BareProgram result = make(
                kind, few.toString(), archive.toString(), folder.resolve("out").toString());
        assertThat(result.err())
                .isEqualTo("make-%s: there is no %s. Install it. On Debian 12: apt-get install %s\n"
                        .formatted(kind, tool, debian));
        assertThat(result.code()).isEqualTo(UNAVAILABLE);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aKindOfPackageThatThereIsNotIsNamed() throws Exception {
        BareProgram result = BareProgram.run(
                Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", System.getProperty("java.home")),
                List.of(Programs.root().resolve("bin/package").toString(), folder.toString(), "snap"));
        assertThat(result.err()).isEqualTo("package: there is no kind snap of package: tar, deb, rpm or image\n");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    }
}
