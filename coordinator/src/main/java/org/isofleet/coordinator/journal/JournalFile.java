package org.isofleet.coordinator.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file of an embedded journal, as it lies on the disk. */
public final class JournalFile {
    private JournalFile() {}

    /**
     * Bytes of a study folder's journal; null when it has none there, as where the journal is in a database.
     *
     * @throws IOException when the disk does not tell
     */
    public static @Nullable Long bytes(Path studyFolder) throws IOException {
        try {
            return Files.size(EmbeddedJournal.inFolder(studyFolder).file());
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
