import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Replaces jars by such with the same entries that are not compressed. A package is compressed as a whole, which makes it smaller
 * than jars that are compressed entry by entry, and a JVM need not inflate what it loads. The same jar gives the same bytes.
 */
public final class JarStorer {
    private JarStorer() {}

    /** Takes the jars, which it replaces. */
    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            rewrite(Path.of(jar));
        }
    }

    private static void rewrite(Path path) throws IOException {
        Path stored = path.resolveSibling(path.getFileName() + ".new");
        try (JarFile jar = new JarFile(path.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(stored))) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                copy(jar, entries.nextElement(), out);
            }
        }
        Files.move(stored, path, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copy(JarFile jar, JarEntry entry, ZipOutputStream out) throws IOException {
        byte[] bytes;
        try (InputStream in = jar.getInputStream(entry)) {
            bytes = in.readAllBytes();
        }
        CRC32 sum = new CRC32();
        sum.update(bytes);
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        copy.setMethod(ZipEntry.STORED);
        copy.setSize(bytes.length);
        copy.setCrc(sum.getValue());
        out.putNextEntry(copy);
        out.write(bytes);
        out.closeEntry();
    }
}
