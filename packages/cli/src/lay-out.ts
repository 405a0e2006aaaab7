/** `algo train --lay-out`: the tree of /opt/ml in a folder, and the commands that an image trains and serves with it by. */
import { isAbsolute } from 'node:path';
import { type LayOutRequest, layOutTrainingJob } from '@algo/local';
import { imageName } from './engine-option.js';
import { createTerminal } from './terminal.js';

/** @param given the folder as the user wrote it, which the commands repeat */
export async function layOut(request: LayOutRequest, given: string): Promise<void> {
  const channels = await layOutTrainingJob(request);
  const terminal = createTerminal(process.stdout);
  for (const { name, files, bytes } of channels) {
    terminal.line(`${given}/input/data/${name}: ${files} ${files === 1 ? 'file' : 'files'}, ${bytes} bytes`);
  }
  terminal.line(`${given}/input/config: hyperparameters.json, inputdataconfig.json, resourceconfig.json`);
  terminal.line(`${given}/model, ${given}/output: empty. Next, with the image:`);
  terminal.line('');
  const mount = `-v "${isAbsolute(given) ? '' : '$PWD/'}${given}:/opt/ml"`;
  const image = imageName(request.program.folder);
  terminal.line(`    docker run --rm ${mount} ${image} train`);
  terminal.line(`    docker run --rm ${mount} -p 8080:8080 ${image} serve`);
}
