package io.hypernetes.runtime.cri;

import io.hypernetes.cri.guest.v1.ImportImageRequest;
import io.hypernetes.cri.guest.v1.ImportImageResponse;
import io.hypernetes.cri.guest.v1.ImportedImage;
import io.hypernetes.runtime.image.ImageName;
import io.hypernetes.runtime.image.ImageStore;
import io.hypernetes.runtime.image.StoredImage;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;

/** Takes a tar file that a client streams; asks for the next piece when it has read the last. */
final class ImageImport {

    private ImageImport() {}

    static void serve(Duplex<ImportImageRequest, ImportImageResponse> call, ImageStore images)
            throws InterruptedException {
        ImportImageRequest first =
                call.next().orElseThrow(() -> Failures.invalid("there is no tar file"));
        Optional<ImageName> name =
                first.getName().isEmpty()
                        ? Optional.empty()
                        : Optional.of(ImageName.parse(first.getName()));
        ImportImageResponse.Builder response = ImportImageResponse.newBuilder();
        for (StoredImage image :
                images.importTar(new Pieces(call, first.getData().newInput()), name)) {
            response.addImages(
                    ImportedImage.newBuilder()
                            .setId(image.id().toString())
                            .addAllNames(image.tags()));
        }
        call.send(response.build());
    }

    private static final class Pieces extends InputStream {

        private final Duplex<ImportImageRequest, ImportImageResponse> call;
        private InputStream current;

        Pieces(Duplex<ImportImageRequest, ImportImageResponse> call, InputStream first) {
            this.call = call;
            this.current = first;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                int n = current.read(buffer, offset, length);
                while (n < 0) {
                    Optional<ImportImageRequest> next = call.next();
                    if (next.isEmpty()) {
                        return -1;
                    }
                    current = next.get().getData().newInput();
                    n = current.read(buffer, offset, length);
                }
                return n;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the import was interrupted");
            }
        }
    }
}
