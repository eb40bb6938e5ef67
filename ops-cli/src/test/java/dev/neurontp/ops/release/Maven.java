package dev.neurontp.ops.release;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Maven on a copy of this checkout, with local repositories that know nothing of ours: what it downloads from elsewhere is that of the
 * build that runs the test.
 */
final class Maven {
    private static final String GROUP = "neurontp";

    private final Path folder;
    private final Path checkout;
    private final Path others;

    /** The copy, and repositories, in this folder. */
    Maven(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.checkout = Files.createDirectory(folder.resolve("checkout"));
        this.others = Files.createDirectory(folder.resolve("others"));
        String copy = "tar -C \"$1\" --exclude=target --exclude=./.git -cf - . | tar -C \"$2\" -xf -";
        BareProgram copied = BareProgram.run(
                Map.of("PATH", System.getenv("PATH")),
                List.of("sh", "-c", copy, "sh", Programs.root().toString(), checkout.toString()));
        if (copied.code() != 0) {
            throw new IOException(copied.err());
        }
        Path usual =
                Path.of(System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository"));
        link(usual, others, "dev");
        Files.createDirectory(others.resolve("dev"));
        if (Files.isDirectory(usual.resolve("dev"))) {
            link(usual.resolve("dev"), others.resolve("dev"), GROUP);
        }
    }

    private static void link(Path from, Path to, String but) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(from)) {
            for (Path each : all) {
                if (!each.getFileName().toString().equals(but)) {
                    Files.createSymbolicLink(to.resolve(each.getFileName()), each.toRealPath());
                }
            }
        }
    }

    /** Removes the links, which else JUnit warns of. */
    void end() throws IOException, InterruptedException {
        BareProgram.run(Map.of("PATH", System.getenv("PATH")), List.of("rm", "-rf", others.toString()));
    }

    /** The copy of this checkout. */
    Path checkout() {
        return checkout;
    }

    /** The file repository that releases are deployed to. */
    Path repository() {
        return folder.resolve("repository");
    }

    /** A local repository of this name: empty at first, for ours. */
    Path local(String name) {
        return folder.resolve("local-" + name);
    }

    /** Runs a line of a shell that starts Maven, with what was deployed as a repository beside the usual ones. */
    BareProgram run(Path in, Path local, String line) throws IOException, InterruptedException {
        Path settings = Files.writeString(
                folder.resolve("settings.xml"), """
                <settings>
                  <profiles>
                    <profile>
                      <id>deployed</id>
                      <repositories>
                        <repository><id>deployed</id><url>%s</url></repository>
                      </repositories>
                    </profile>
                  </profiles>
                  <activeProfiles><activeProfile>deployed</activeProfile></activeProfiles>
                </settings>
                """.formatted(repository().toUri()));
        Map<String, String> environment = Map.of(
                "PATH", System.getenv("PATH"),
                "HOME", System.getProperty("user.home"),
                "JAVA_HOME", System.getProperty("java.home"),
                "MAVEN_ARGS",
                        "-B -ntp -s " + settings + " -Dmaven.repo.local=" + local + " -Dmaven.repo.local.tail="
                                + others);
        return BareProgram.run(environment, List.of("sh", "-c", "cd \"$0\" && " + line, in.toString()));
    }
}
