import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Makes one jar of those that a publisher gives out together. Java keeps each jar of a class path open, and some hosts allow 64
 * descriptors. The build runs it on the jars that it packages; the same jars give the same bytes. What could change by it ends it
 * with a message: two files of one name, a signature, classes for several versions of Java.
 */
public final class JarMerger {
    private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

    private final Attributes common = new Attributes();
    private final Map<String, byte[]> files = new TreeMap<>();

    private JarMerger() {}

    /** Takes a folder and prefixes: the folder's jars {@code PREFIX-*.jar} become {@code PREFIX.jar}. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (String prefix : Arrays.asList(arguments).subList(1, arguments.length)) {
            merge(folder, prefix);
        }
    }

    private static void merge(Path folder, String prefix) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, prefix + "-*.jar")) {
            found.forEach(jars::add);
        }
        if (jars.isEmpty()) {
            throw new IOException("there is no " + prefix + "-*.jar in " + folder);
        }
        Collections.sort(jars);
        JarMerger merger = new JarMerger();
        for (Path jar : jars) {
            merger.take(jar);
        }
        merger.write(folder.resolve(prefix + ".jar"));
        for (Path jar : jars) {
            Files.delete(jar);
        }
    }

    private void take(Path path) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            takeManifest(path, jar.getManifest());
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (!entry.isDirectory() && !isOfOneJar(entry.getName())) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        put(path, entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
    }

    /** What is said of one jar alone. On a class path nobody reads the names of modules. */
    private static boolean isOfOneJar(String name) {
        return name.equals(JarFile.MANIFEST_NAME) || name.equals("module-info.class");
    }

    /** Libraries read their own version from it, so what says the same in all jars is kept. */
    private void takeManifest(Path path, Manifest manifest) throws IOException {
        Attributes attributes = manifest.getMainAttributes();
        if (!manifest.getEntries().isEmpty() || attributes.containsKey(Attributes.Name.MULTI_RELEASE)) {
            throw new IOException(path + " is signed or has classes for several versions of Java: leave it as it is");
        }
        if (common.isEmpty()) {
            common.putAll(attributes);
        } else {
            common.entrySet().retainAll(attributes.entrySet());
        }
    }

    private void put(Path path, String name, byte[] bytes) throws IOException {
        byte[] before = files.putIfAbsent(name, bytes);
        if (before != null && !Arrays.equals(before, bytes)) {
            throw new IOException(path + " has another " + name + " than the jars before it: leave it as it is");
        }
    }

    private void write(Path path) throws IOException {
        common.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putAll(common);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(path))) {
            start(out, JarFile.MANIFEST_NAME);
            manifest.write(out);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                start(out, file.getKey());
                out.write(file.getValue());
            }
        }
    }

    private static void start(JarOutputStream out, String name) throws IOException {
        JarEntry entry = new JarEntry(name);
        // Without a time of its own an entry has that of the build.
        entry.setTimeLocal(TIME);
        out.putNextEntry(entry);
    }
}
