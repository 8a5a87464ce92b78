import { conventionCases } from './cases/conventions.ts'
import { deletionCases } from './cases/deletion.ts'
import { deliveryCases } from './cases/delivery.ts'
import { eventCases } from './cases/events.ts'
import { listingCases } from './cases/listing.ts'
import { logCases } from './cases/logs.ts'
import { messageCases } from './cases/messages.ts'
import { multipartCases } from './cases/multipart.ts'
import { presignedCases } from './cases/presigned.ts'
import { presignedRefusalCases } from './cases/presigned-refusals.ts'
import { referenceCases } from './cases/reference.ts'
import { refusalCases } from './cases/refusals.ts'
import { resumableCases } from './cases/resumable.ts'
import { signedUrlCases } from './cases/signed-urls.ts'
import { slotCases } from './cases/slots.ts'
import { variantCases } from './cases/variants.ts'
import { useTarget } from './target.ts'

// One server for all of them; `vitest -t 'signed URLs'` runs one subject.
// Everything is logged, so that the log can be searched for what must not be in it.
const target = useTarget({ LOG_LEVEL: 'trace', WEBHOOK_ALLOW_PRIVATE: 'yes' })

multipartCases(target)
variantCases(target)
refusalCases(target)
presignedCases(target)
presignedRefusalCases(target)
resumableCases(target)
signedUrlCases(target)
deliveryCases(target)
deletionCases(target)
slotCases(target)
eventCases(target)
messageCases(target)
listingCases(target)
conventionCases(target)
referenceCases(target)
// Last, because it reads what all the others have caused.
logCases(target)
