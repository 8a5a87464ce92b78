import { multipartCases } from './cases/multipart.ts'
import { presignedCases } from './cases/presigned.ts'
import { presignedRefusalCases } from './cases/presigned-refusals.ts'
import { refusalCases } from './cases/refusals.ts'
import { variantCases } from './cases/variants.ts'
import { useTarget } from './target.ts'

const target = useTarget()

multipartCases(target)
variantCases(target)
refusalCases(target)
presignedCases(target)
presignedRefusalCases(target)
