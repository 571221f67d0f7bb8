import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CopyObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Backend } from './program.ts';
import { S3 } from './s3.ts';

/** What a backend keeps as objects, seen from beside it. */
export interface KeptObjects {
  keys(): Promise<string[]>;
  copy(from: string, to: string): Promise<void>;
}

/** All files below a folder, by their paths in it. A folder in it may go while they are read: then they are read again. */
export function filesBelow(folder: string): string[] {
  while (existsSync(folder)) {
    try {
      const all = readdirSync(folder, { recursive: true, withFileTypes: true });
      return all.filter((one) => one.isFile()).map((one) => relative(folder, join(one.parentPath, one.name)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return [];
}

class InFolder implements KeptObjects {
  constructor(readonly folder: string) {}

  async keys() {
    return filesBelow(this.folder);
  }

  async copy(from: string, to: string) {
    mkdirSync(dirname(join(this.folder, to)), { recursive: true });
    copyFileSync(join(this.folder, from), join(this.folder, to));
  }
}

class InS3 implements KeptObjects {
  readonly #client: S3Client;

  constructor(endpoint: string, readonly bucket: string, readonly prefix: string) {
    this.#client = new S3Client({
      endpoint, region: S3.region, forcePathStyle: true, credentials: { accessKeyId: S3.accessKeyId, secretAccessKey: S3.secretAccessKey },
    });
  }

  async keys() {
    const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.prefix }));
    return Contents.map((one) => one.Key!.slice(this.prefix.length));
  }

  async copy(from: string, to: string) {
    await this.#client.send(new CopyObjectCommand({ Bucket: this.bucket, CopySource: `${this.bucket}/${this.prefix}${from}`, Key: this.prefix + to }));
  }
}

/** In its folder, or in the S3 of this run of tests. */
export function objectsOf(backend: Backend): KeptObjects {
  const { NXG_S3_URL: url, NXG_S3_BUCKET: bucket, NXG_S3_PREFIX: prefix } = backend.environment;
  return url ? new InS3(url, bucket, prefix) : new InFolder(join(backend.dataFolder, 'objects'));
}
