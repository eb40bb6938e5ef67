package dev.neurontp.harness.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where this process sees control groups. A container that has the host's name space of groups has only its own group mounted, while
 * {@code /proc/PID/cgroup} tells the path from the host's root.
 */
final class CgroupMounts {
    /** The controller, and the folder of version 1 that has it. */
    static final String MEMORY = "memory";

    // Fields of a line of proc_pid_mountinfo(5) before " - ", and after it.
    private static final int ROOT = 3;
    private static final int POINT = 4;
    private static final int TYPE = 0;
    private static final int OPTIONS = 2;

    /** One mount: the group at its root, and the folder that shows it. */
    private record Mount(String root, Path folder) {}

    private final List<Mount> version2 = new ArrayList<>();
    private final List<Mount> memory = new ArrayList<>();

    /** The usual ones, which are for what no other shows. */
    private CgroupMounts(Path proc, Path cgroups) {
        lines(proc.resolve("self/mountinfo")).forEach(this::add);
        version2.add(new Mount("/", cgroups));
        memory.add(new Mount("/", cgroups.resolve(MEMORY)));
    }

    /**
     * As {@code proc/self/mountinfo} tells them.
     *
     * @param cgroups the usual folder, where it tells nothing
     */
    static CgroupMounts read(Path proc, Path cgroups) {
        return new CgroupMounts(proc, cgroups);
    }

    private void add(String line) {
        String[] parts = line.split(" - ", 2);
        String[] mount = parts[0].split(" ", -1);
        String[] system = parts[parts.length - 1].split(" ", -1);
        if (mount.length <= POINT || system.length <= OPTIONS) {
            return;
        }
        if (system[TYPE].equals("cgroup2")) {
            version2.add(mount(mount));
        } else if (system[TYPE].equals("cgroup")
                && List.of(system[OPTIONS].split(",", -1)).contains(MEMORY)) {
            memory.add(mount(mount));
        }
    }

    private static List<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException _) {
            return List.of(); // then everything is where it usually is
        }
    }

    private static Mount mount(String[] fields) {
        return new Mount(unescaped(fields[ROOT]), Path.of(unescaped(fields[POINT])));
    }

    /** The kernel writes blanks so, and what else would break the line. */
    private static String unescaped(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    /** The folder of that group. */
    Path ofVersion2(String group) {
        return folder(version2, group);
    }

    /** The same, of the hierarchy of version 1 that counts memory. */
    Path ofMemory(String group) {
        return folder(memory, group);
    }

    private static Path folder(List<Mount> mounts, String group) {
        Path path = Path.of("/").resolve(group).normalize();
        return mounts.stream()
                .filter(mount -> path.startsWith(mount.root))
                .findFirst()
                .map(mount -> mount.folder.resolve(
                        Path.of(mount.root).relativize(path).toString()))
                .orElseThrow();
    }
}
